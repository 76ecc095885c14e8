package main

import (
	"testing"

	"docent/internal/telegramtest"
)

// TestPopularTopics asks for one section more often than for others: an empty inline query lists it first.
func TestPopularTopics(t *testing.T) {
	w := startWhole(t, nil)
	ann := telegramtest.User{ID: 21, Name: "Ann", Language: "en"}
	for _, command := range []string{"/ptsd", "/pain_management", "/ptsd", "/overview"} {
		w.fakeTelegram.Ask(ann, w.fakeTelegram.Private(ann), command)
	}
	list := w.fakeTelegram.Inline(ann, "", "").List
	if len(list) != 8 || list[0].Title != "PTSD and trauma-related disorders" {
		t.Errorf("%d topics, the first is %+v", len(list), list[0])
	}
	again := w.fakeTelegram.Inline(ann, "", "").List
	if len(again) != 8 || again[0].ID != list[0].ID {
		t.Errorf("the list changed while nothing did: %+v", again)
	}
}
