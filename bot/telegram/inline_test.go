package telegram

import (
	"strings"
	"testing"

	"docent/bot"
	"docent/bot/phrases"
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
		if b.Data != "" && !bot.Replaces(b.Data) && !bot.Rates(b.Data) {
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

func TestInlineOff(t *testing.T) {
	s := prepare(t)
	s.NoInline = true
	s.begin()
	if got := s.tg.Inline(s.ann, "pain", ""); len(got.List) != 0 {
		t.Errorf("%+v", got)
	}
}
