package telegram

import (
	"context"
	"strings"
	"testing"

	"docent/bot"
	"docent/bot/phrases"
	"docent/knowledge"
)

func TestInline(t *testing.T) {
	s := prepare(t)
	s.Catalog = newCatalog(120)
	s.begin()
	empty := s.tg.Inline(s.ann, "", "")
	if len(empty.List) != pageSize || empty.Next == "" || empty.Button != phrases.For("en").Adapter.InlineOpen {
		t.Errorf("an empty query: %d results, next %q, button %q", len(empty.List), empty.Next, empty.Button)
	}
	if !empty.IsPersonal || empty.CacheTime > 30 {
		t.Errorf("a reload must show soon: %+v", empty)
	}
	seen, pages := map[string]bool{}, 0
	for offset := ""; pages < 20; pages++ {
		got := s.tg.Inline(s.ann, "topic", offset)
		for _, r := range got.List {
			if seen[r.ID] {
				t.Errorf("%q comes twice", r.Title)
			}
			seen[r.ID] = true
		}
		if offset = got.Next; offset == "" {
			break
		}
	}
	if len(seen) != maxInline {
		t.Errorf("%d results in all, want %d", len(seen), maxInline)
	}
}

func TestInlineAnswer(t *testing.T) {
	s := start(t)
	got := s.tg.Inline(s.ann, "does it ease pain?", "")
	if len(got.List) != 1 || got.List[0].Title != "Pain management" || !strings.Contains(got.List[0].Text, "Section") {
		t.Fatalf("%+v", got)
	}
	m := s.tg.Choose(got.List[0])
	for _, b := range m.Buttons {
		if b.Data != "" && !bot.Replaces(b.Data) && !bot.Rates(b.Data) || strings.HasPrefix(b.Label, "Why") {
			t.Errorf("button %q cannot work under a posted result", b.Label)
		}
	}
	nothing := s.tg.Inline(s.ann, "zzz", "")
	if len(nothing.List) != 0 || nothing.Button != phrases.For("en").Buttons.NothingFound || nothing.Start != startAsk {
		t.Errorf("nothing found: %+v", nothing)
	}
	crisis := s.tg.Inline(s.ann, "crisis", "")
	if len(crisis.List) != 1 || crisis.List[0].Text != "Call 112 now." {
		t.Errorf("a crisis is alone: %+v", crisis)
	}
}

func TestInlinePress(t *testing.T) {
	s := start(t)
	m := s.tg.Choose(s.tg.Inline(s.ann, "pain", "").List[0])
	got := s.tg.PressData(s.bob, m, "1M"+pain.Key()+"abcdef")
	if !got.Edited || !strings.HasPrefix(got.Text, "The whole text") {
		t.Errorf("Read more: %+v", got)
	}
	got = s.tg.PressData(s.bob, m, "1H"+pain.Key()+"abcdef")
	if !got.Toast {
		t.Errorf("Helpful: %+v", got)
	}
}

func TestGuest(t *testing.T) {
	s := start(t)
	got := s.tg.Mention(s.ann, "@docent_test_bot does it ease pain?")
	if !strings.Contains(got.Text, "eases") && !strings.Contains(got.Text, "It eases pain.") {
		t.Errorf("%+v", got)
	}
	if q := s.oracle.last(t); q.Text != "does it ease pain?" || q.Person != "" {
		t.Errorf("asked %+v", q)
	}
}

func TestInlinePopular(t *testing.T) {
	s := prepare(t)
	list := newCatalog(20)
	s.Catalog = list
	gone := knowledge.Ref{Article: "ketamine", Section: "withdrawn"}
	s.Popular = func(context.Context) []knowledge.Ref {
		return []knowledge.Ref{list.topics[15].Ref, gone, list.topics[3].Ref}
	}
	s.begin()
	got := s.tg.Inline(s.ann, "", "").List
	if len(got) != pageSize || got[0].Title != "Topic 15" || got[1].Title != "Topic 3" || got[2].Title != "Pain management" {
		t.Errorf("what is asked for most comes first: %+v", got)
	}
}

// TestInlinePressKeeps presses buttons that must not change a message that everybody sees.
func TestInlinePressKeeps(t *testing.T) {
	s := start(t)
	m := s.tg.Choose(s.tg.Inline(s.ann, "pain", "").List[0])
	for _, data := range []string{"1N" + pain.Key() + "abcdef", "1W" + pain.Key() + "abcdef", "1help", "?", "ts:mode:auto"} {
		got := s.tg.PressData(s.bob, m, data)
		if got.Edited || !got.Toast || got.Text == "" || got.Text == "What was wrong?" {
			t.Errorf("%q: %+v", data, got)
		}
	}
}

// TestInlineLong cuts a text that is longer than a message, and leads to the rest.
func TestInlineLong(t *testing.T) {
	s := start(t)
	m := s.tg.Choose(s.tg.Inline(s.ann, "pain", "").List[0])
	s.oracle.mu.Lock()
	s.oracle.reply = func(bot.Question) (bot.Reply, error) {
		r := section(strings.Repeat("A sentence. ", 800))
		r.Replace = true
		return r, nil
	}
	s.oracle.mu.Unlock()
	got := s.tg.PressData(s.bob, m, "1M"+pain.Key()+"abcdef")
	if !got.Edited || got.Parts != 1 || !hasURL(got, "https://t.me/docent_test_bot?start=1S"+pain.Key()+"abcdef") || len(got.Buttons) < 4 {
		t.Errorf("a long text: %d messages with %q", got.Parts, got.Labels())
	}
}

func TestInlineOff(t *testing.T) {
	s := prepare(t)
	s.NoInline = true
	s.begin()
	if got := s.tg.Inline(s.ann, "pain", ""); len(got.List) != 0 {
		t.Errorf("%+v", got)
	}
}
