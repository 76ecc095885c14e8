package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"docent/bot/phrases"
)

// A menuCommand is an entry of the bot's menu.
type menuCommand struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	Ephemeral   bool   `json:"is_ephemeral,omitempty"`
}

const (
	scopePrivate = "all_private_chats"
	scopeGroups  = "all_group_chats"
	scopeAdmins  = "all_chat_administrators"
)

// menu returns the commands of a scope in a language.
func menu(scope string, say *phrases.Set, n *names) []menuCommand {
	c := say.Commands
	group := scope != scopePrivate
	out := []menuCommand{{"ask", c.Ask, false}, {"topics", c.Topics, group}, {"help", c.Help, group}, {"helpnow", c.HelpNow, false}}
	if scope == scopePrivate {
		out = append(out, menuCommand{"start", c.Start, false})
	}
	if scope == scopeAdmins {
		out = append(out, menuCommand{"settings", c.Settings, group})
	}
	out = append(out, menuCommand{"privacy", c.Privacy, group}, menuCommand{"forget", c.Forget, group})
	for _, t := range n.topics {
		out = append(out, menuCommand{t.name, describe(phrases.Fill(c.TopicShow, "section", t.topic.Title)), false})
	}
	for i := range out {
		out[i].Description = describe(out[i].Description)
	}
	return out
}

// describe fits a command's description: 1 to 256 characters.
func describe(s string) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if utf8.RuneCountInString(s) > 100 {
		s = string([]rune(s)[:99]) + "…"
	}
	if s == "" {
		return "…"
	}
	return s
}

// publish writes the commands and the profile where they changed. What cannot be written is logged and left for the next
// start or reload.
func (s *session) publish(ctx context.Context) {
	s.reload.Lock()
	defer s.reload.Unlock()
	if s.Leases != nil {
		name := s.stream() + "/commands"
		if ok, err := s.Leases.AcquireLease(ctx, name, s.holder, leaseTime); err == nil && !ok {
			return // another instance is at it
		}
		defer func() { _ = s.Leases.ReleaseLease(context.WithoutCancel(ctx), name, s.holder) }() // it ends by itself
	}
	if err := s.publishAll(ctx); err != nil {
		if ctx.Err() == nil {
			s.log.Error("commands or profile not written", "err", err)
		}
		return
	}
	s.log.Debug("commands and profile are up to date")
}

func (s *session) publishAll(ctx context.Context) error {
	var written []string
	for _, scope := range []string{scopePrivate, scopeGroups, scopeAdmins} {
		for _, say := range phrases.All() {
			language := say.Language
			if say == phrases.For(s.Language) {
				language = "" // all other languages
			}
			if err := s.publishMenu(ctx, scope, language, menu(scope, say, s.names.Load())); err != nil {
				return err
			}
			written = append(written, scope+"|"+language)
		}
	}
	return errors.Join(s.retire(ctx, written), s.publishTexts(ctx, "Name", "name", s.Name),
		s.publishTexts(ctx, "ShortDescription", "short_description", s.Short), s.publishTexts(ctx, "Description", "description", s.About))
}

func scopeParams(scope, language string) tgbotapi.Params {
	p := tgbotapi.Params{"scope": `{"type":"` + scope + `"}`}
	p.AddNonEmpty("language_code", language)
	return p
}

// publishMenu writes the commands of a scope and a language if Telegram has others.
func (s *session) publishMenu(ctx context.Context, scope, language string, list []menuCommand) error {
	raw, err := json.Marshal(list)
	if err != nil {
		return err
	}
	key := s.stream() + "/commands/" + scope + "/" + language
	if s.known(ctx, key, string(raw)) {
		return nil
	}
	var have []menuCommand
	if err := s.once(ctx, "getMyCommands", scopeParams(scope, language), &have); err != nil {
		return err
	}
	if !slices.Equal(have, list) {
		params := scopeParams(scope, language)
		params["commands"] = string(raw)
		if err := s.once(ctx, "setMyCommands", params, nil); err != nil {
			return err
		}
	}
	s.keep(ctx, key, string(raw))
	return nil
}

// retire deletes the commands of scopes and languages that are no longer written.
func (s *session) retire(ctx context.Context, written []string) error {
	key := s.stream() + "/scopes"
	now := strings.Join(written, " ")
	if s.State == nil {
		return nil
	}
	before, _, err := s.State.State(ctx, key)
	if err != nil || before == now {
		return err
	}
	for _, old := range strings.Fields(before) {
		if slices.Contains(written, old) {
			continue
		}
		scope, language, _ := strings.Cut(old, "|")
		if err := s.once(ctx, "deleteMyCommands", scopeParams(scope, language), nil); err != nil {
			return err
		}
		s.keep(ctx, s.stream()+"/commands/"+scope+"/"+language, "")
	}
	return s.State.SetState(ctx, key, now)
}

// publishTexts writes a text of the profile in each language that the configuration has, if it changed, and removes those
// that it wrote for other languages. The text for all other languages stays when the configuration has none.
func (s *session) publishTexts(ctx context.Context, method, field string, texts map[string]string) error {
	languages := slices.Sorted(maps.Keys(texts))
	for _, language := range languages {
		if err := s.publishText(ctx, method, field, language, texts[language]); err != nil {
			return err
		}
	}
	if s.State == nil {
		return nil
	}
	key, now := s.stream()+"/profile/"+field, strings.Join(languages, " ")
	before, _, err := s.State.State(ctx, key)
	if err != nil || before == now {
		return err
	}
	for _, language := range strings.Fields(before) {
		if _, ok := texts[language]; ok {
			continue
		}
		if err := s.publishText(ctx, method, field, language, ""); err != nil {
			return err
		}
	}
	return s.State.SetState(ctx, key, now)
}

// publishText writes a text of the profile in one language. An empty one removes it.
func (s *session) publishText(ctx context.Context, method, field, language, text string) error {
	key := s.stream() + "/profile/" + field + "/" + language
	if s.known(ctx, key, text) {
		return nil
	}
	params := tgbotapi.Params{}
	params.AddNonEmpty("language_code", language)
	have := map[string]string{}
	if err := s.once(ctx, "getMy"+method, params, &have); err != nil {
		return err
	}
	if have[field] != text || text == "" { // without one Telegram gives the text for all others
		params[field] = text
		if err := s.once(ctx, "setMy"+method, params, nil); err != nil {
			return err
		}
	}
	s.keep(ctx, key, text)
	return nil
}

// known reports whether text is what was written under key the last time.
func (s *session) known(ctx context.Context, key, text string) bool {
	if s.State == nil {
		return false
	}
	value, ok, err := s.State.State(ctx, key)
	return err == nil && ok && value == fingerprint(text)
}

func (s *session) keep(ctx context.Context, key, text string) {
	if s.State == nil {
		return
	}
	if err := s.State.SetState(ctx, key, fingerprint(text)); err != nil {
		s.log.Error("state not kept", "err", err)
	}
}

// once makes a request that can be repeated, a few times if need be, and reads its result.
func (s *session) once(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	for try := 0; ; try++ {
		raw, err := s.api.call(ctx, method, params)
		if err == nil && result != nil {
			return json.Unmarshal(raw, result)
		}
		if err == nil || !passing(err) || try == 4 {
			return err
		}
		if err := s.nap(ctx, backoff(try, err), nil); err != nil {
			return err
		}
	}
}
