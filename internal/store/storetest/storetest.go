// Package storetest holds what every store of the bot must do, whatever it is built on. It knows only the bot's
// interfaces, so a fake in another package's tests can be held to the same behaviour.
package storetest

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"docent/bot"
	"docent/knowledge"
)

// A Store is what is tested.
type Store interface {
	bot.Journal
	bot.Unanswered
	bot.SettingsStore
	bot.StateStore
	bot.UpdateLog
	bot.Leases
}

// A Subject is a fresh store with its surroundings.
type Subject struct {
	Store   Store
	Advance func(time.Duration) // moves the store's clock forward
	Another func() Store        // opens the same contents as another process would; nil: it cannot be done
}

// Run tests the stores that open makes.
func Run(t *testing.T, open func(*testing.T) Subject) {
	for name, test := range map[string]func(*testing.T, Subject){
		"Journal": testJournal, "Settings": testSettings, "State": testState, "Claim": testClaim, "Stages": testStages,
		"ClaimRace": testClaimRace, "Lease": testLease, "LeaseRace": testLeaseRace, "Canceled": testCanceled,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func testJournal(t *testing.T, s Subject) {
	ctx := t.Context()
	check(t, s.Store.RecordTurn(ctx, bot.Turn{At: time.Now(), Platform: "discord", Kind: bot.Sure, Section: knowledge.Ref{Article: "a", Section: "b"}, Score: 0.5, Took: time.Second}))
	check(t, s.Store.RecordTurn(ctx, bot.Turn{}))
	check(t, s.Store.RecordRating(ctx, bot.Rating{At: time.Now(), Platform: "telegram", Version: "v", Reason: "unclear"}))
	check(t, s.Store.RecordUnanswered(ctx, time.Now(), "what about \x01 'quotes' -- and ünïcode 🙂?"))
}

func testSettings(t *testing.T, s Subject) {
	ctx := t.Context()
	want := func(store Store, scope string, want map[string]string) {
		t.Helper()
		got, err := store.Settings(ctx, scope)
		check(t, err)
		if got == nil || !maps.Equal(got, want) {
			t.Errorf("settings of %s are %v, want %v", scope, got, want)
		}
	}
	want(s.Store, "discord/1", map[string]string{})
	check(t, s.Store.SetSettings(ctx, "discord/1", map[string]string{"region": "DE", "mode": "mention"}))
	check(t, s.Store.SetSettings(ctx, "discord/10", map[string]string{"region": "FR"}))
	want(s.Store, "discord/1", map[string]string{"region": "DE", "mode": "mention"})
	check(t, s.Store.SetSettings(ctx, "discord/1", map[string]string{"region": "", "cooldown": "5s"}))
	want(s.Store, "discord/1", map[string]string{"region": "", "cooldown": "5s"})
	want(s.Store, "discord/10", map[string]string{"region": "FR"})
	if s.Another != nil {
		want(s.Another(), "discord/1", map[string]string{"region": "", "cooldown": "5s"})
	}
	check(t, s.Store.SetSettings(ctx, "discord/1", nil))
	want(s.Store, "discord/1", map[string]string{})
}

func testState(t *testing.T, s Subject) {
	ctx := t.Context()
	want := func(store Store, value string, ok bool) {
		t.Helper()
		got, found, err := store.State(ctx, "commands")
		check(t, err)
		if got != value || found != ok {
			t.Errorf("state is %q, %v; want %q, %v", got, found, value, ok)
		}
	}
	want(s.Store, "", false)
	check(t, s.Store.SetState(ctx, "commands", ""))
	want(s.Store, "", true)
	check(t, s.Store.SetState(ctx, "commands", "hash"))
	want(s.Store, "hash", true)
	if s.Another != nil {
		want(s.Another(), "hash", true)
	}
}

func claim(t *testing.T, s Store, id int64, holder string, stage bot.Stage, ok bool) {
	t.Helper()
	gotStage, gotOK, err := s.ClaimUpdate(t.Context(), "telegram/1", id, holder, time.Minute)
	check(t, err)
	if gotStage != stage || gotOK != ok {
		t.Errorf("claim of %d by %s is stage %d, %v; want stage %d, %v", id, holder, gotStage, gotOK, stage, ok)
	}
}

func testClaim(t *testing.T, s Subject) {
	claim(t, s.Store, 7, "a", bot.StageNew, true)
	claim(t, s.Store, 7, "b", bot.StageNew, false)
	claim(t, s.Store, 7, "a", bot.StageNew, true)
	claim(t, s.Store, 8, "b", bot.StageNew, true)
	if stage, ok, err := s.Store.ClaimUpdate(t.Context(), "telegram/2", 7, "b", time.Minute); err != nil || !ok || stage != bot.StageNew {
		t.Errorf("another stream's update 7 is another update: %d, %v, %v", stage, ok, err)
	}
	s.Advance(59 * time.Second)
	claim(t, s.Store, 7, "b", bot.StageNew, false)
	s.Advance(2 * time.Second)
	claim(t, s.Store, 7, "b", bot.StageNew, true)
	claim(t, s.Store, 7, "a", bot.StageNew, false)
}

func testStages(t *testing.T, s Subject) {
	ctx := t.Context()
	set := func(id int64, stage bot.Stage) {
		t.Helper()
		check(t, s.Store.SetUpdateStage(ctx, "telegram/1", id, stage))
	}
	claim(t, s.Store, 1, "a", bot.StageNew, true)
	set(1, bot.StageSending)
	claim(t, s.Store, 1, "b", bot.StageSending, false)
	s.Advance(2 * time.Minute)
	claim(t, s.Store, 1, "b", bot.StageSending, true)
	set(1, bot.StageDone)
	claim(t, s.Store, 1, "a", bot.StageDone, true)
	claim(t, s.Store, 1, "b", bot.StageDone, true)

	claim(t, s.Store, 2, "a", bot.StageNew, true)
	set(2, bot.StageNew) // given back
	claim(t, s.Store, 2, "b", bot.StageNew, true)

	set(3, bot.StageDone) // never claimed
	claim(t, s.Store, 3, "a", bot.StageDone, true)
	if s.Another != nil {
		claim(t, s.Another(), 1, "c", bot.StageDone, true)
	}
}

// several runs n workers on as many stores as the subject can open, and returns how often they were granted what they
// tried.
func several(t *testing.T, s Subject, n int, try func(store Store, worker string) (bool, error)) int {
	t.Helper()
	granted := make(chan bool, n)
	var wait sync.WaitGroup
	for i := range n {
		store := s.Store
		if s.Another != nil {
			store = s.Another()
		}
		wait.Go(func() {
			ok, err := try(store, fmt.Sprint("worker", i))
			if err != nil {
				t.Error(err)
			}
			granted <- ok
		})
	}
	wait.Wait()
	close(granted)
	count := 0
	for ok := range granted {
		if ok {
			count++
		}
	}
	return count
}

func testClaimRace(t *testing.T, s Subject) {
	for id := range int64(10) {
		n := several(t, s, 8, func(store Store, worker string) (bool, error) {
			_, ok, err := store.ClaimUpdate(t.Context(), "telegram/1", id, worker, time.Minute)
			return ok, err
		})
		if n != 1 {
			t.Fatalf("update %d was claimed by %d of 8", id, n)
		}
	}
}

func testLease(t *testing.T, s Subject) {
	ctx := t.Context()
	want := func(name, holder string, want bool) {
		t.Helper()
		got, err := s.Store.AcquireLease(ctx, name, holder, time.Minute)
		check(t, err)
		if got != want {
			t.Errorf("lease %s for %s: %v, want %v", name, holder, got, want)
		}
	}
	want("poll", "a", true)
	want("poll", "b", false)
	want("prune", "b", true)
	s.Advance(50 * time.Second)
	want("poll", "a", true) // renewed
	s.Advance(50 * time.Second)
	want("poll", "b", false)
	s.Advance(11 * time.Second)
	want("poll", "b", true)
	want("poll", "a", false)
	check(t, s.Store.ReleaseLease(ctx, "poll", "a")) // not a's any more
	want("poll", "a", false)
	check(t, s.Store.ReleaseLease(ctx, "poll", "b"))
	want("poll", "a", true)
}

func testLeaseRace(t *testing.T, s Subject) {
	for i := range 10 {
		n := several(t, s, 8, func(store Store, worker string) (bool, error) {
			return store.AcquireLease(t.Context(), fmt.Sprint("task", i), worker, time.Minute)
		})
		if n != 1 {
			t.Fatalf("lease %d was granted to %d of 8", i, n)
		}
	}
}

// testCanceled checks that work with a dead context is an error and changes nothing.
func testCanceled(t *testing.T, s Subject) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, ok, err := s.Store.ClaimUpdate(ctx, "telegram/1", 1, "a", time.Minute); err == nil || ok {
		t.Errorf("claim with a dead context: %v, %v", ok, err)
	}
	if err := s.Store.SetSettings(ctx, "discord/1", map[string]string{"a": "b"}); err == nil {
		t.Error("settings with a dead context were written")
	}
	claim(t, s.Store, 1, "b", bot.StageNew, true)
	if got, err := s.Store.Settings(t.Context(), "discord/1"); err != nil || len(got) != 0 {
		t.Errorf("settings are %v, %v", got, err)
	}
}
