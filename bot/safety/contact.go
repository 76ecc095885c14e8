// Package safety holds what the bot must do before it answers: rules that notice danger, thoughts of suicide, and
// requests that a program must not answer, and the numbers of people who help. It knows nothing of articles or platforms.
package safety

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// The purposes of a Contact.
const (
	Emergency = "emergency"
	Suicide   = "suicide"
)

// A Contact is a number or a page where people help.
type Contact struct {
	ID       string `json:"id"`
	Region   string `json:"region"`  // ISO 3166 country; empty: international
	Purpose  string `json:"purpose"` // Emergency or Suicide
	Name     string `json:"name"`
	Number   string `json:"number"`
	URL      string `json:"url"`
	Source   string `json:"source"`      // the page that says so
	Verified Day    `json:"verified_on"` // the day on which an operator confirmed it; zero: nobody has
	VerifyBy Day    `json:"verify_by"`   // the day by which it must be confirmed again
}

// A Day is a date in JSON, such as "2026-05-03"; "" is the zero Day.
type Day struct{ time.Time }

// UnmarshalText reads "2026-05-03", or nothing.
func (d *Day) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		return nil
	}
	d.Time, err = time.Parse(time.DateOnly, string(text))
	return err
}

// MarshalText writes the day as UnmarshalText reads it.
func (d Day) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.Format(time.DateOnly)), nil
}

// UnmarshalJSON reads what UnmarshalText reads. Without it the method of time.Time would be taken, which wants a time too.
func (d *Day) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	return d.UnmarshalText([]byte(text))
}

// MarshalJSON writes what UnmarshalJSON reads.
func (d Day) MarshalJSON() ([]byte, error) {
	text, err := d.MarshalText()
	if err != nil {
		return nil, err
	}
	return json.Marshal(string(text))
}

//go:embed contacts.json
var contactsFile []byte

// Contacts returns the contacts that ship with the program. None of them is verified: an operator confirms them.
func Contacts() ([]Contact, error) { return ReadContacts(contactsFile) }

// ReadContacts reads contacts from JSON.
func ReadContacts(data []byte) ([]Contact, error) {
	var list []Contact
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	for i, c := range list {
		if slices.ContainsFunc(list[:i], func(other Contact) bool { return other.ID == c.ID }) {
			return nil, fmt.Errorf("read contacts: %q is there twice", c.ID)
		}
		if c.Region != "" && (len(c.Region) != 2 || strings.ToUpper(c.Region) != c.Region) {
			return nil, fmt.Errorf("read contacts: %q: the region is two capital letters or nothing, not %q", c.ID, c.Region)
		}
		if c.ID == "" || c.Name == "" || c.Source == "" || c.Number == "" && c.URL == "" {
			return nil, fmt.Errorf("read contacts: %q needs id, name, source, and a number or a url", c.ID)
		}
		if c.Purpose != Emergency && c.Purpose != Suicide {
			return nil, fmt.Errorf("read contacts: %q: the purpose is %q or %q, not %q", c.ID, Emergency, Suicide, c.Purpose)
		}
	}
	return list, nil
}

// Replace returns list with the contacts of own, each in place of the one with its id, or at the end.
func Replace(list, own []Contact) []Contact {
	out := slices.Clone(list)
	for _, c := range own {
		if i := slices.IndexFunc(out, func(old Contact) bool { return old.ID == c.ID }); i >= 0 {
			out[i] = c
			continue
		}
		out = append(out, c)
	}
	return out
}

// Checked reports whether an operator confirmed the contact and need not do so again yet.
func (c Contact) Checked(now time.Time) bool {
	return !c.Verified.IsZero() && !now.Before(c.Verified.Time) &&
		(c.VerifyBy.IsZero() || now.Before(c.VerifyBy.AddDate(0, 0, 1)))
}

// String returns the contact on one line: its name, number and address.
func (c Contact) String() string {
	parts := []string{c.Name}
	for _, p := range []string{c.Number, c.URL} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

// Best returns the contact for a purpose in a region, or the international one. A checked contact of the region comes
// before one that is not.
func Best(list []Contact, purpose, region string, now time.Time) (Contact, bool) {
	best, found := Contact{}, -1
	for _, c := range list {
		if c.Purpose != purpose || c.Region != "" && !strings.EqualFold(c.Region, region) {
			continue
		}
		rank := 0
		if c.Region != "" {
			rank += 2
		}
		if c.Checked(now) {
			rank++
		}
		if rank > found {
			best, found = c, rank
		}
	}
	return best, found >= 0
}

// Regions returns the countries that the contacts are for, in their order.
func Regions(list []Contact) []string {
	var out []string
	seen := map[string]bool{"": true}
	for _, c := range list {
		if r := strings.ToUpper(c.Region); !seen[r] {
			seen[r] = true
			out = append(out, r)
		}
	}
	return out
}

// RegionName names a country as its people do; a country that it does not know by its code.
func RegionName(region string) string {
	names := map[string]string{"US": "United States", "CA": "Canada", "GB": "United Kingdom", "IE": "Ireland",
		"AU": "Australia", "NZ": "New Zealand", "DE": "Deutschland", "AT": "Österreich", "CH": "Schweiz / Suisse",
		"FR": "France", "ES": "España", "MX": "México", "BR": "Brasil", "PT": "Portugal"}
	if name, ok := names[strings.ToUpper(region)]; ok {
		return name
	}
	return region
}

// Problems says in words for operators which contacts nobody confirmed, or not for too long.
func Problems(list []Contact, now time.Time) []string {
	var out []string
	for _, c := range list {
		switch {
		case c.Verified.IsZero():
			out = append(out, fmt.Sprintf("contact %q (%s) is not verified: confirm it at %s, then set verified_on and verify_by", c.ID, c.Name, c.Source))
		case !c.Checked(now):
			out = append(out, fmt.Sprintf("contact %q (%s) was to be verified again by %s: confirm it at %s and set new dates", c.ID, c.Name, c.VerifyBy.Format(time.DateOnly), c.Source))
		}
	}
	return out
}
