package main

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"docent/internal/loadtest"
	"docent/internal/telegramtest"
)

// TestRush starts the program when 1,000 questions of 250 people wait in Telegram. The best of three runs counts. When other
// programs have their share of the processors, it may take longer by as much.
func TestRush(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	const limit = 100 * time.Millisecond
	for n := range 3 {
		share := loadtest.Share()
		p99 := rush(t)
		share = max(0.1, min(share, loadtest.Share()))
		most := time.Duration(float64(limit) / share)
		t.Logf("p99 of handling is %v with %.0f%% of two processors", p99, 100*share)
		if p99 <= most {
			return
		}
		if n == 2 {
			t.Errorf("p99 of handling is %v, want at most %v", p99, most)
		}
	}
}

// rush returns the 99th percentile of the time from an update's delivery to its answer.
func rush(t *testing.T) time.Duration {
	const questions, people = 1000, 250
	asked := []string{"Can ketamine help with migraines?", "does it work for ptsd", "what is it used for in surgery?", "is it addictve?"}
	var chats []telegramtest.Chat
	w := startWhole(t, func(w *whole) {
		w.config.Knowledge.Meaning = "on" // as people have it
		for i := range questions {
			u := telegramtest.User{ID: 9000 + int64(i%people), Name: "Ann", Language: "en"}
			if i < people {
				chats = append(chats, w.fakeTelegram.Private(u))
			}
			w.fakeTelegram.Write(telegramtest.Post{From: u, Chat: chats[i%people], Text: fmt.Sprint(asked[i/people], " ", i)})
		}
	})
	began := time.Now()
	waitUntil(t, "all answers", func() bool { return w.fakeTelegram.Waiting() == 0 })
	took := time.Since(began)
	w.stop()
	for _, c := range chats {
		if n := len(w.fakeTelegram.Messages(c)); n != questions/people {
			t.Fatalf("%d answers in a chat", n)
		}
	}
	times := w.fakeTelegram.Handled()
	slices.Sort(times)
	p50, p99 := times[len(times)/2], times[len(times)*99/100]
	t.Logf("%d questions in %v, from delivery to answer p50 %v, p99 %v, most %v", len(times), took, p50, p99, times[len(times)-1])
	return p99
}
