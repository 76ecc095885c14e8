package telegramtest

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Command is one of the bot's menu.
type Command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	Ephemeral   bool   `json:"is_ephemeral,omitempty"`
}

var (
	commandName  = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)
	languageCode = regexp.MustCompile(`^([a-z]{2})?$`)
	scopes       = strings.Fields("default all_private_chats all_group_chats all_chat_administrators chat chat_administrators chat_member")
)

// slot names the list for a scope and a language.
func slot(params map[string]string) (string, *apiError) {
	var scope struct {
		Type   string          `json:"type"`
		ChatID json.RawMessage `json:"chat_id"`
		UserID int64           `json:"user_id"`
	}
	if raw := params["scope"]; raw != "" {
		if err := json.Unmarshal([]byte(raw), &scope); err != nil {
			return "", refuse("can't parse BotCommandScope: " + err.Error())
		}
	} else {
		scope.Type = "default"
	}
	known := false
	for _, name := range scopes {
		known = known || name == scope.Type
	}
	if !known {
		return "", refuse("can't parse BotCommandScope: unsupported type specified")
	}
	if !languageCode.MatchString(params["language_code"]) {
		return "", refuse("invalid language code specified")
	}
	key := scope.Type
	if len(scope.ChatID) > 0 {
		key += fmt.Sprint(" ", string(scope.ChatID))
	}
	return key + "|" + params["language_code"], nil
}

func (s *Server) setMyCommands(params map[string]string) (any, *apiError) {
	key, fail := slot(params)
	if fail != nil {
		return nil, fail
	}
	var list []Command
	if err := json.Unmarshal([]byte(params["commands"]), &list); err != nil || list == nil {
		return nil, refuse("expected an Array of BotCommand")
	}
	if len(list) > 100 {
		return nil, refuse("BOT_COMMANDS_TOO_MUCH")
	}
	seen := map[string]bool{}
	for _, c := range list {
		n := utf8.RuneCountInString(c.Description)
		if !commandName.MatchString(strings.TrimPrefix(c.Command, "/")) || seen[c.Command] {
			return nil, refuse("BOT_COMMAND_INVALID")
		}
		if n == 0 {
			return nil, refuse("Command description must be non-empty")
		}
		if n > 256 {
			return nil, refuse("Command description length must not exceed 256")
		}
		seen[c.Command] = true
	}
	raw, _ := json.Marshal(list) // it was decoded from JSON
	s.commands[key] = string(raw)
	return true, nil
}

func (s *Server) getMyCommands(params map[string]string) (any, *apiError) {
	key, fail := slot(params)
	if fail != nil {
		return nil, fail
	}
	list := s.commands[key]
	if list == "" {
		list = "[]"
	}
	return json.RawMessage(list), nil
}

func (s *Server) deleteMyCommands(params map[string]string) (any, *apiError) {
	key, fail := slot(params)
	if fail != nil {
		return nil, fail
	}
	delete(s.commands, key)
	return true, nil
}

// Commands returns the menu of a scope, such as "all_group_chats", in a language; nil: none.
func (s *Server) Commands(scope, language string) []Command {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Command
	if raw := s.commands[scope+"|"+language]; raw != "" {
		_ = json.Unmarshal([]byte(raw), &list) // the server's own
	}
	return list
}

// Profile returns the bot's "name", "description" or "short_description" in a language.
func (s *Server) Profile(field, language string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.profile[field+"|"+language]
}

func profileSetter(field string, most int) func(*Server, map[string]string) (any, *apiError) {
	return func(s *Server, params map[string]string) (any, *apiError) {
		if utf8.RuneCountInString(params[field]) > most {
			return nil, refuse("BOT_" + strings.ToUpper(field) + "_TOO_LONG")
		}
		s.profile[field+"|"+params["language_code"]] = params[field]
		return true, nil
	}
}

func profileGetter(field string) func(*Server, map[string]string) (any, *apiError) {
	return func(s *Server, params map[string]string) (any, *apiError) {
		return map[string]any{field: s.profile[field+"|"+params["language_code"]]}, nil
	}
}
