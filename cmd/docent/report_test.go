package main

import (
	"bytes"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/store"
	"docent/knowledge"
)

func TestReport(t *testing.T) {
	address := "sqlite:" + t.TempDir() + "/docent.db"
	db, err := store.Open(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	pain := knowledge.Ref{Article: "ketamine", Section: "pain-management"}
	now, ctx := time.Now(), t.Context()
	for _, err := range []error{
		db.RecordTurn(ctx, bot.Turn{At: now, Platform: "discord", Kind: bot.Sure, Section: pain}),
		db.RecordTurn(ctx, bot.Turn{At: now.AddDate(0, 0, -3), Platform: "discord", Kind: bot.Sure, Section: pain}),
		db.RecordTurn(ctx, bot.Turn{At: now.AddDate(0, 0, -20), Platform: "telegram", Kind: bot.None}),
		db.RecordRating(ctx, bot.Rating{At: now, Platform: "discord", Section: pain, Reason: "unclear"}),
		db.RecordUnanswered(ctx, now, "is it \x1b[31mlegal"),
		db.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	show := func(args ...string) string {
		var out, told bytes.Buffer
		if err := run(ctx, append([]string{"report"}, args...), []string{"DOCENT_STORE_URL=" + address}, nil, &out, &told); err != nil {
			t.Fatalf("%v: %s", err, &told)
		}
		return out.String()
	}
	want := "Since " + now.UTC().AddDate(0, 0, -7).Format(time.DateOnly) + `

Replies
  discord  sure  2

Sections that came first
  ketamine/pain-management  sure  2

Ratings
  ketamine/pain-management  0 helpful  1 not  unclear 1

Questions that are not covered
  ` + now.UTC().Format(time.DateOnly) + "  is it [31mlegal\n"
	if got := show("--days", "7"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	var out bytes.Buffer
	if err := run(ctx, []string{"report", "--days", "0"}, nil, nil, &out, &out); err == nil {
		t.Error("no days are taken")
	}
}
