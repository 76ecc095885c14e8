package bot_test

import (
	"testing"

	"docent/bot"
	"docent/bot/phrases"
)

func TestSmallTalk(t *testing.T) {
	c := newChat(t, fixtures())
	en, de := phrases.For("en").Talk, phrases.For("de").Talk
	for text, want := range map[string]string{
		"Hello!": en.Greeting, "thx": en.Thanks, "bye": en.Bye, "who are you?": en.Who, "are you a robto": en.Robot,
		"what can you do": en.Help, "hola": en.Greeting,
	} {
		r := c.ask(text)
		wantKind(t, r, bot.Fixed)
		wantText(t, r, want)
		if len(r.Choices) == 0 {
			t.Errorf("%q: nothing shows what to ask", text)
		}
	}
	c.q.Locale = "de"
	wantText(t, c.ask("Wer bist du?"), de.Who)
	if len(c.base.asked) != 0 {
		t.Errorf("small talk was searched: %+v", c.base.asked)
	}
	wantText(t, c.ask("hi, does it help a low mood?"), "Kava changes")
	wantText(t, c.ask("help"), "What about Kava overview?")
}
