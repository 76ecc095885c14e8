package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"time"

	"docent/bot/safety"
	"docent/internal/config"
)

// confirmedFor is how long an operator's check of a help number counts.
const confirmedFor = 365 * 24 * time.Hour

// contacts returns the help numbers that ship with the program and the operator's own, with the operator's confirmations,
// which name the day on which each number was checked. A confirmation that fits no number is a mistake.
func contacts(c config.Bot) (list []safety.Contact, mistakes []string, err error) {
	if list, err = safety.Contacts(); err != nil {
		return nil, nil, fmt.Errorf("read the help numbers: %w", err)
	}
	if c.NumbersFile != "" {
		data, err := os.ReadFile(c.NumbersFile)
		if err != nil {
			return nil, nil, fmt.Errorf("read bot.numbers_file: %w", err)
		}
		own, err := safety.ReadContacts(data)
		if err != nil {
			return nil, nil, fmt.Errorf("bot.numbers_file %s: %w", c.NumbersFile, err)
		}
		list = safety.Replace(list, own)
	}
	confirmed := c.ConfirmedNumbers
	for _, id := range slices.Sorted(maps.Keys(confirmed)) {
		i := slices.IndexFunc(list, func(c safety.Contact) bool { return c.ID == id })
		on, err := time.Parse(time.DateOnly, confirmed[id])
		switch {
		case i < 0:
			mistakes = append(mistakes, fmt.Sprintf("bot.confirmed_numbers: there is no help number %q: \"docent check --numbers\" lists them", id))
		case err != nil:
			mistakes = append(mistakes, fmt.Sprintf("bot.confirmed_numbers: %s: %q is not a day: write it like 2026-05-03", id, confirmed[id]))
		default:
			list[i].Verified, list[i].VerifyBy = safety.Day{Time: on}, safety.Day{Time: on.Add(confirmedFor)}
		}
	}
	return list, mistakes, nil
}

// contactWarnings says which help numbers were confirmed too long ago, and how many never were.
func contactWarnings(list []safety.Contact, now time.Time) []string {
	var out []string
	never := 0
	for _, c := range list {
		switch {
		case c.Verified.IsZero():
			never++
		case !c.Checked(now):
			out = append(out, fmt.Sprintf("help number %s (%s) was confirmed on %s: look at %s again and set a new day in bot.confirmed_numbers",
				c.ID, c.Name, c.Verified.Format(time.DateOnly), c.Source))
		}
	}
	if never > 0 {
		out = append(out, fmt.Sprintf("%s not confirmed, and shown so: look up those that your people need, then set bot.confirmed_numbers; \"docent check --numbers\" lists them",
			are(never, "help number")))
	}
	return out
}

// are returns "1 help number is" or "3 help numbers are".
func are(n int, noun string) string {
	if n == 1 {
		return countOf(n, noun) + " is"
	}
	return countOf(n, noun) + " are"
}

// safetyProblems returns what is wrong with the safety data, and what an operator should look at.
func safetyProblems(c config.Bot, now time.Time) (mistakes, warnings []string) {
	list, mistakes, err := contacts(c)
	if err != nil {
		return []string{err.Error()}, nil
	}
	return mistakes, contactWarnings(list, now)
}

// listNumbers prints every help number with its id and where to look it up.
func (p *program) listNumbers(c config.Bot, now time.Time) error {
	list, _, err := contacts(c)
	if err != nil {
		return err
	}
	for _, c := range list {
		state := "not confirmed"
		if c.Checked(now) {
			state = "confirmed " + c.Verified.Format(time.DateOnly)
		}
		fmt.Fprintf(p.out, "%-24s %-2s  %-13s  %s\n%30s %s\n", c.ID, c.Region, state, c, "", c.Source)
	}
	return nil
}
