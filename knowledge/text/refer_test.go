package text

import "testing"

func TestRefers(t *testing.T) {
	for q, want := range map[string]bool{
		"Does IT help?": true, "and for migraines?": true, "What about kids": true, "how about at home": true, "are there others, or is this one best": true,
		"What is ketamine?": false, "bread and butter": false, "what do you know about pain": false, "": false,
	} {
		if got := Refers(q); got != want {
			t.Errorf("Refers(%q) = %v", q, got)
		}
	}
}
