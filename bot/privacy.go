package bot

import (
	"strconv"
	"time"

	"docent/internal/markup"
)

// privacy says what is kept, from the real configuration.
func (x *exchange) privacy() Reply {
	p, keeps := x.say.Privacy, x.Config.Keeps
	d := markup.Doc{heading(p.Title)}
	say := func(s string) { d = append(d, item(markup.Text(s))) }
	if x.Unanswered != nil {
		say(p.NoPerson)
		sayDays(say, p.Unanswered, keeps.Unanswered)
	} else {
		say(p.NoText)
		say(p.NoUnanswered)
	}
	if memory := x.Config.memory(); memory > 0 {
		minutes := max(1, int(memory.Round(time.Minute)/time.Minute))
		say(fill(p.Memory, "minutes", strconv.Itoa(minutes)))
	} else {
		say(p.NoMemory)
	}
	if x.Journal != nil {
		sayDays(say, p.Turns, keeps.Turns)
		sayDays(say, p.Ratings, keeps.Ratings)
	}
	sayDays(say, p.Updates, keeps.Updates)
	if keeps.Settings {
		say(p.Settings)
	}
	say(p.Platform)
	say(p.Forget)
	if keeps.Operator != "" {
		say(fill(p.Operator, "operator", keeps.Operator))
	}
	return Reply{Kind: Fixed, Private: true, Body: d}
}

// sayDays says a phrase with a duration in days, rounded up. It says nothing for zero.
func sayDays(say func(string), phrase string, keep time.Duration) {
	const day = 24 * time.Hour
	if keep > 0 {
		say(fill(phrase, "days", strconv.Itoa(int((keep+day-1)/day))))
	}
}
