// Package safety holds what the bot must do before it answers: rules that notice danger, thoughts of suicide, and
// requests that a program must not answer, and the numbers of people who help. It knows nothing of articles or platforms.
package safety

import "time"

// A Contact is a number or a page where people help.
type Contact struct {
	ID       string `json:"id"`
	Region   string `json:"region"`  // ISO 3166 country; empty: international
	Purpose  string `json:"purpose"` // "emergency" or "suicide"
	Name     string `json:"name"`
	Number   string `json:"number"`
	URL      string `json:"url"`
	Source   string `json:"source"`      // the page that says so
	Verified Day    `json:"verified_on"` // the day on which an operator confirmed it; zero: nobody has
	VerifyBy Day    `json:"verify_by"`   // the day by which it must be confirmed again
}

// A Day is a date in JSON, such as "2026-05-03"; "" is the zero Day.
type Day struct{ time.Time }
