package bot

import (
	"math"
	"strconv"
	"strings"

	"docent/internal/markup"
	"docent/knowledge"
)

// maxWhyWords is how many words are listed for each kind of evidence.
const maxWhyWords = 6

// why explains why a section was shown, as far as the conversation is remembered.
func (x *exchange) why(s *knowledge.Section) Reply {
	r := Reply{Kind: Fixed, Private: true}
	if withdrawn(s) {
		return x.gone(x.say.Answer.Withdrawn)
	}
	res := x.conv.result
	at := matchOf(res.Matches, s.Ref)
	switch {
	case x.conv.pressed && x.conv.shown == s.Ref:
		r.Body = markup.Doc{para(x.say.Why.Pressed)}
	case at >= 0:
		r.Body = append(markup.Doc{heading(fill(x.say.Why.Title, "section", s.Heading))}, x.explain(res, at)...)
	default:
		r.Body = markup.Doc{para(x.say.Why.Forgotten)}
	}
	return r
}

func matchOf(matches []knowledge.Match, ref knowledge.Ref) int {
	for i, m := range matches {
		if m.Ref == ref {
			return i
		}
	}
	return -1
}

// explain says why the match at the given place of a result was found: matched words, repaired ones, the lay words
// understood, the runner-up and the margin.
func (x *exchange) explain(res knowledge.Result, at int) markup.Doc {
	why, m := x.say.Why, res.Matches[at]
	var d markup.Doc
	say := func(s string) { d = append(d, item(markup.Text(s))) }
	list := func(phrase string, words []string) {
		if len(words) > 0 {
			say(fill(phrase, "words", strings.Join(words[:min(len(words), maxWhyWords)], ", ")))
		}
	}
	list(why.Words, details(m, "word"))
	repaired := details(m, "repaired")
	if len(repaired) == 0 {
		for _, r := range res.Repairs {
			repaired = append(repaired, clip(r.From, 40)+" → "+r.To)
		}
	}
	list(why.Repaired, repaired)
	list(why.Alias, details(m, "alias"))
	list(why.Example, details(m, "example"))
	for _, flag := range []struct{ kind, phrase string }{{"heading", why.Heading}, {"meaning", why.Meaning}, {"topic", why.Topic}} {
		if len(details(m, flag.kind)) > 0 {
			say(flag.phrase)
		}
	}
	if x.followedUp() {
		say(why.Follow)
	}
	return append(d, x.runnerUp(res, at))
}

// followedUp reports whether the earlier questions changed what was found for the last one.
func (x *exchange) followedUp() bool {
	n, res := len(x.conv.questions), x.conv.result
	if n < 2 || len(res.Matches) == 0 {
		return false
	}
	alone := x.Base.Search(x.query(x.conv.questions[n-1]))
	return len(alone.Matches) == 0 || alone.Matches[0].Ref != res.Matches[0].Ref || alone.Verdict != res.Verdict
}

// runnerUp names the next best section and how far behind it was.
func (x *exchange) runnerUp(res knowledge.Result, at int) markup.Block {
	if at+1 >= len(res.Matches) || res.Matches[at+1].Section == nil {
		return item(markup.Text(x.say.Why.Only))
	}
	next := res.Matches[at+1]
	margin := math.Round(100 * (res.Matches[at].Score - next.Score))
	return item(markup.Text(fill(x.say.Why.RunnerUp, "section", next.Section.Heading, "margin", strconv.Itoa(int(margin)))))
}

// details returns what the evidence of a kind says, without repetitions.
func details(m knowledge.Match, kind string) []string {
	var out []string
	seen := map[string]bool{}
	for _, e := range m.Why {
		if e.Kind == kind && !seen[e.Detail] {
			seen[e.Detail] = true
			out = append(out, clip(e.Detail, 120))
		}
	}
	return out
}
