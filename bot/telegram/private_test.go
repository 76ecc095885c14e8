package telegram

import (
	"context"
	"strings"
	"testing"

	"docent/bot"
	"docent/internal/telegramtest"
)

func TestPrivateChat(t *testing.T) {
	s := start(t)
	chat := s.tg.Private(s.ann)
	got := s.tg.Ask(s.ann, chat, "Does it help with pain?")
	if want := "Pain management\n\nIt eases pain.\n\nSource: a book"; got.Text != want {
		t.Errorf("text %q, want %q", got.Text, want)
	}
	if got.ReplyTo != 0 {
		t.Error("a private answer needs no quotation of the question")
	}
	q := s.oracle.last(t)
	if q.Text != "Does it help with pain?" || q.Person != "11" || q.Locale != "en" || q.Place != (bot.Place{Platform: "telegram", Channel: "11"}) {
		t.Errorf("question %+v", q)
	}
	more := s.tg.Press(s.ann, got, "Read more")
	if !more.Edited || more.ID != got.ID || !strings.HasPrefix(more.Text, "The whole text") {
		t.Errorf("Read more must change the message: %+v", more)
	}
	if n := s.tg.Unanswered(); n != 0 {
		t.Errorf("%d buttons still show progress", n)
	}
}

func TestRating(t *testing.T) {
	s := start(t)
	got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "pain")
	thanks := s.tg.Press(s.ann, got, "Helpful")
	if !thanks.Toast || thanks.Text != "Thank you." {
		t.Errorf("thanks %+v", thanks)
	}
	why := s.tg.Press(s.ann, got, "Not helpful")
	if why.Toast || why.Text != "What was wrong?" || len(why.Buttons) != 1 {
		t.Errorf("reasons %+v", why)
	}
}

func TestCommands(t *testing.T) {
	s := start(t)
	chat := s.tg.Private(s.ann)
	for _, c := range []struct{ text, choice, words string }{
		{"/start", bot.ChoiceStart, ""},
		{"/START", bot.ChoiceStart, ""},
		{"/start 1Sabc", "1Sabc", ""},
		{"/start ask", bot.ChoiceStart, ""},
		{"/help", bot.ChoiceHelp, ""},
		{"/topics@docent_test_bot", bot.ChoiceTopics, ""},
		{"/privacy", bot.ChoicePrivacy, ""},
		{"/forget", bot.ChoiceForget, ""},
		{"/helpnow", bot.ChoiceHelpNow, ""},
		{"/ask what is it?", "", "what is it?"},
		{"/ask—what is it?", "", "—what is it?"},
		{"/ask", bot.ChoiceHelp, ""},
		{"/pain_management", "1S" + pain.Key() + "abcdef", ""},
		{"/nonsense", bot.ChoiceHelp, ""},
		{"what is 1/2 of it", "", "what is 1/2 of it"},
	} {
		s.tg.Ask(s.ann, chat, c.text)
		if q := s.oracle.last(t); q.Choice != c.choice || c.words != "" && q.Text != c.words {
			t.Errorf("%q asked %+v, want choice %q or text %q", c.text, q, c.choice, c.words)
		}
	}
}

func TestEditedQuestion(t *testing.T) {
	s := start(t)
	chat := s.tg.Private(s.ann)
	id, _ := s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "waht is it"})
	first := s.tg.Ask(s.ann, chat, "and that")
	n := len(s.oracle.questions())
	got := s.tg.Edit(s.ann, chat, id, "what is it")
	if !got.Edited || got.Text != "You asked: what is it" || got.ID == first.ID {
		t.Errorf("edited question: %+v", got)
	}
	if again := s.tg.Edit(s.ann, chat, id, "what is it"); again.Text != "" {
		t.Errorf("the same words again: %+v", again)
	}
	long := s.tg.Edit(s.ann, chat, id, strings.Repeat("word ", 1500))
	if long.Parts != 2 {
		t.Errorf("a longer answer has %d messages", long.Parts)
	}
	if got := s.tg.Edit(s.ann, chat, id, "short"); got.Text != "You asked: short" {
		t.Errorf("a shorter answer: %+v", got)
	}
	if list := s.tg.Messages(chat); len(list) != 2 {
		t.Errorf("%d messages are left, want the two answers", len(list))
	}
	if asked := len(s.oracle.questions()) - n; asked != 3 {
		t.Errorf("%d questions asked for three changes", asked)
	}
	s.restart()
	if got := s.tg.Edit(s.ann, chat, id, "who remembers"); got.Text != "" {
		t.Errorf("an edit of a question that is not remembered must not be answered twice: %+v", got)
	}
}

// TestLongTextInPlace shows a text of two messages in place of a short one, and takes both away again.
func TestLongTextInPlace(t *testing.T) {
	s := start(t)
	chat := s.tg.Private(s.ann)
	first := s.tg.Ask(s.ann, chat, "pain")
	s.oracle.mu.Lock()
	s.oracle.reply = func(q bot.Question) (bot.Reply, error) {
		r := section("Short again.")
		if r.Replace = true; strings.HasPrefix(q.Choice, "1M") {
			r = section(strings.Repeat("A sentence. ", 800))
			r.Choices[0] = bot.Choice{Label: "Show less", Value: "1L" + pain.Key() + "abcdef"}
			r.Replace = true
		}
		return r, nil
	}
	s.oracle.mu.Unlock()
	long := s.tg.Press(s.ann, first, "Read more")
	if !long.Edited || long.Parts < 2 || long.ID == first.ID {
		t.Fatalf("the whole text: %d messages", long.Parts)
	}
	short := s.tg.Press(s.ann, long, "Show less")
	if list := s.tg.Messages(chat); !short.Edited || len(list) != 1 || !strings.Contains(list[0].Text, "Short again.") {
		t.Errorf("%d messages are left: %+v", len(list), short)
	}
}

func TestBroken(t *testing.T) {
	s := start(t)
	for _, text := range []string{"broken", "panic"} {
		got := s.tg.Ask(s.ann, s.tg.Private(s.ann), text)
		if !strings.Contains(got.Text, "went wrong") {
			t.Errorf("%q: %q", text, got.Text)
		}
	}
}

func TestStickerAndCaption(t *testing.T) {
	s := start(t)
	chat := s.tg.Private(s.ann)
	s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: chat, Extra: map[string]any{"sticker": map[string]any{"file_id": "x"}}})
	if q := s.oracle.last(t); q.Choice != bot.ChoiceHelp {
		t.Errorf("a sticker asked %+v", q)
	}
	s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: chat, Extra: map[string]any{"photo": []map[string]any{{"file_id": "x"}}, "caption": "what is this"}})
	if q := s.oracle.last(t); q.Text != "what is this" {
		t.Errorf("a caption asked %+v", q)
	}
}

func TestMarkupRefused(t *testing.T) {
	s := start(t)
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Times: 1, Kind: telegramtest.Refuse, Text: `can't parse entities: Unsupported start tag "p" at byte offset 2`})
	got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "pain <b>&")
	if got.Text != "Pain management\n\nIt eases pain.\n\nSource: a book" || strings.Contains(got.HTML, "<") {
		t.Errorf("plain text resend: %+v", got)
	}
}

func TestInjection(t *testing.T) {
	s := start(t)
	text := `<b>x</i> & "q" </a><script>&lt; [a](b) \u202e` + "\u202e\u200b\x01"
	got := s.tg.Ask(s.ann, s.tg.Private(s.ann), text)
	if !strings.HasPrefix(got.Text, `You asked: <b>x</i> & "q" </a><script>&lt; [a](b)`) {
		t.Errorf("%q", got.Text)
	}
	for _, data := range []string{"", "1", "1Sxx", strings.Repeat("é", 32), "ts:mode:auto", "\x00", "1S" + strings.Repeat("a", 62)} {
		s.tg.PressData(s.ann, got, data)
	}
	if n := s.tg.Unanswered(); n > 1 { // the one without data never comes from a real button
		t.Errorf("%d forged buttons still show progress", n)
	}
}

func TestForget(t *testing.T) {
	s := start(t)
	chat := s.tg.Private(s.ann)
	id, _ := s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "first"})
	s.tg.Ask(s.ann, chat, "/forget")
	if got := s.tg.Edit(s.ann, chat, id, "second"); got.Text != "" {
		t.Errorf("after /forget an edit was answered: %+v", got)
	}
}

func TestTokenErrors(t *testing.T) {
	tg := telegramtest.New(t)
	for name, a := range map[string]*Adapter{
		"wrong token":   {Token: "1:wrong", APIURL: tg.URL},
		"wrong address": {Token: tg.Token, APIURL: tg.URL + "/nowhere"},
		"no address":    {Token: tg.Token, APIURL: "nonsense"},
		"no token":      {},
	} {
		a.Handler, a.Catalog = &oracle{}, newCatalog(1)
		err := a.Run(context.Background())
		if err == nil || strings.Contains(err.Error(), "wrong/") || strings.Contains(err.Error(), "AAtest") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
