package safety_test

import (
	"strings"
	"testing"
	"time"

	"docent/bot/safety"
)

func TestShippedContacts(t *testing.T) {
	list, err := safety.Contacts()
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, c := range list {
		if ids[c.ID] {
			t.Errorf("%s is there twice", c.ID)
		}
		ids[c.ID] = true
		if c.Checked(time.Now()) || !c.Verified.IsZero() {
			t.Errorf("%s ships as verified", c.ID)
		}
		if !strings.HasPrefix(c.Source, "https://") {
			t.Errorf("%s has no source: %q", c.ID, c.Source)
		}
		if safety.RegionName(c.Region) == c.Region && c.Region != "" {
			t.Errorf("%s: the country %s has no name", c.ID, c.Region)
		}
	}
	if list[0].Region != "" || list[1].Region != "" {
		t.Error("the international contacts are not first")
	}
	if got := safety.Problems(list, time.Now()); len(got) != len(list) {
		t.Errorf("%d problems for %d contacts that nobody verified", len(got), len(list))
	}
}

func TestBest(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	checked := safety.Day{Time: now.AddDate(0, -1, 0)}
	list := []safety.Contact{
		{ID: "world", Purpose: safety.Suicide},
		{ID: "de-old", Region: "DE", Purpose: safety.Suicide},
		{ID: "de", Region: "DE", Purpose: safety.Suicide, Verified: checked},
		{ID: "emergency", Purpose: safety.Emergency},
	}
	for region, want := range map[string]string{"": "world", "FR": "world", "de": "de", "DE": "de"} {
		if c, ok := safety.Best(list, safety.Suicide, region, now); !ok || c.ID != want {
			t.Errorf("%q: %s, want %s", region, c.ID, want)
		}
	}
	if _, ok := safety.Best(nil, safety.Suicide, "", now); ok {
		t.Error("none is some")
	}
}

func TestReadContactsNamesTheMistake(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{`[{"id":"a","name":"A","purpose":"suicide","number":"1"}]`, `"a" needs`},
		{`[{"id":"a","name":"A","purpose":"x","number":"1","source":"s"}]`, `"x"`},
		{`[{"id":"a","verified_on":"soon"}]`, "soon"},
		{`{`, "read contacts"},
	} {
		if _, err := safety.ReadContacts([]byte(c.data)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.data, err)
		}
	}
}
