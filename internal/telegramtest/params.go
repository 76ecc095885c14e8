package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// A method is what the server knows of one: its parameters and what it does.
type method struct {
	required, optional string
	run                func(*Server, map[string]string) (any, *apiError)
}

// unknown returns the parameters that the method does not have.
func (m method) unknown(params map[string]string) []string {
	known := append(strings.Fields(m.required), strings.Fields(m.optional)...)
	var out []string
	for name := range params {
		if !slices.Contains(known, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// methodTable returns the methods of Bot API 10.3 that a bot like ours may call, in lower case.
func methodTable() map[string]method {
	return map[string]method{
		"getme":      {"", "", (*Server).getMe},
		"getupdates": {"", "offset limit timeout allowed_updates", nil},
		"setwebhook": {"url", "certificate ip_address max_connections allowed_updates drop_pending_updates secret_token",
			(*Server).setWebhook},
		"deletewebhook":  {"", "drop_pending_updates", (*Server).deleteWebhook},
		"getwebhookinfo": {"", "", (*Server).getWebhookInfo},
		"sendmessage": {"chat_id text", "business_connection_id message_thread_id direct_messages_topic_id " +
			"ephemeral_message_parameters parse_mode entities link_preview_options disable_notification protect_content " +
			"allow_paid_broadcast message_effect_id suggested_post_parameters reply_parameters reply_markup", (*Server).sendMessage},
		"editmessagetext": {"", "business_connection_id chat_id message_id inline_message_id text parse_mode entities " +
			"link_preview_options rich_message reply_markup", (*Server).editMessageText},
		"editmessagereplymarkup": {"", "business_connection_id chat_id message_id inline_message_id reply_markup",
			(*Server).editMessageReplyMarkup},
		"deletemessage":       {"chat_id message_id", "", (*Server).deleteMessage},
		"sendchataction":      {"chat_id action", "business_connection_id message_thread_id", (*Server).sendChatAction},
		"answercallbackquery": {"callback_query_id", "text show_alert url cache_time", (*Server).answerCallbackQuery},
		"answerinlinequery": {"inline_query_id results", "cache_time is_personal next_offset button",
			(*Server).answerInlineQuery},
		"answerguestquery":       {"guest_query_id result", "", (*Server).answerGuestQuery},
		"setmycommands":          {"commands", "scope language_code", (*Server).setMyCommands},
		"getmycommands":          {"", "scope language_code", (*Server).getMyCommands},
		"deletemycommands":       {"", "scope language_code", (*Server).deleteMyCommands},
		"setmyname":              {"", "name language_code", profileSetter("name", 64)},
		"getmyname":              {"", "language_code", profileGetter("name")},
		"setmydescription":       {"", "description language_code", profileSetter("description", 512)},
		"getmydescription":       {"", "language_code", profileGetter("description")},
		"setmyshortdescription":  {"", "short_description language_code", profileSetter("short_description", 120)},
		"getmyshortdescription":  {"", "language_code", profileGetter("short_description")},
		"getchatmember":          {"chat_id user_id", "", (*Server).getChatMember},
		"deleteephemeralmessage": {"chat_id receiver_user_id ephemeral_message_id", "", (*Server).deleteEphemeral},
		"editephemeralmessagetext": {"chat_id receiver_user_id ephemeral_message_id",
			"text parse_mode entities rich_message link_preview_options reply_markup", (*Server).editEphemeral},
	}
}

// readParams reads query, form, multipart and JSON parameters; the first value of a name wins.
func readParams(r *http.Request) (map[string]string, error) {
	out := map[string]string{}
	put := func(name, value string) {
		if _, ok := out[name]; !ok {
			out[name] = value
		}
	}
	for name, values := range r.URL.Query() {
		put(name, values[0])
	}
	kind := r.Header.Get("Content-Type")
	switch {
	case strings.HasPrefix(kind, "application/json"):
		var body map[string]json.RawMessage
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, errors.New("can't parse JSON object")
		}
		for name, value := range body {
			put(name, plainValue(value))
		}
	case strings.HasPrefix(kind, "multipart/"):
		if err := r.ParseMultipartForm(1 << 20); err != nil {
			return nil, fmt.Errorf("can't parse multipart form: %w", err)
		}
		for name, values := range r.MultipartForm.Value {
			put(name, values[0])
		}
	default:
		if err := r.ParseForm(); err != nil {
			return nil, fmt.Errorf("can't parse form: %w", err)
		}
		for name, values := range r.PostForm {
			put(name, values[0])
		}
	}
	return out, nil
}

// plainValue gives a JSON value as a form would carry it.
func plainValue(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func number(params map[string]string, name string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(params[name]), 10, 64)
	return n, err == nil
}

func truth(s string) bool {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "1", "yes", "y", "t":
		return true
	}
	return false
}
