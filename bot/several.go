package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"docent/bot/rule"
	"docent/bot/talk"
	"docent/internal/markup"
	"docent/knowledge"
)

// maxParts is how many questions in one are looked for; maxMention how many sections are listed for a word.
const (
	maxParts   = 3
	maxMention = 6
)

// more goes on with the section that was shown last, when that is all that is asked.
func (x *exchange) more(text string) (Reply, bool) {
	rules, err := talk.Rules()
	if err != nil || x.conv.shown == (knowledge.Ref{}) {
		return Reply{}, false
	}
	found := rules.First(text, talk.More, talk.Why)
	if found == nil {
		return Reply{}, false
	}
	s, ok := x.Base.SectionByKey(x.conv.shown.Key())
	if !ok {
		return x.gone(x.say.Answer.Gone), true
	}
	if found.Kind == talk.Why {
		return x.why(s), true
	}
	r := x.section(s, view{whole: true})
	r.Result = x.chosen(s)
	return r, true
}

// joiners part two questions in one. The question mark does too.
var joiners = []string{"and also", "as well as", "and what about", "and how about", "and", "also", "plus", "und auch", "und",
	"sowie", "y también", "y", "et aussi", "et", "e também", "e"}

// parts cuts a text into its questions.
func parts(text string) []string {
	words := strings.Fields(strings.NewReplacer("?", " ? ", ",", " , ", ";", " ? ").Replace(text))
	var out []string
	var part []string
	flush := func() {
		if len(part) > 0 {
			out = append(out, strings.Join(part, " "))
		}
		part = nil
	}
	for i := 0; i < len(words); {
		n := joinerAt(words[i:])
		if words[i] == "?" || words[i] == "," {
			n = 1
		}
		if n > 0 {
			flush()
			i += n
			continue
		}
		part = append(part, words[i])
		i++
	}
	flush()
	return out
}

// joinerAt returns how many words of a joiner words begin with.
func joinerAt(words []string) int {
	for _, j := range joiners {
		js := strings.Fields(j)
		if len(words) >= len(js) && strings.EqualFold(strings.Join(words[:len(js)], " "), j) {
			return len(js)
		}
	}
	return 0
}

// namesArticle reports whether a text is the name of an article and no more: "ketamine and pain" is one question.
func (x *exchange) namesArticle(text string) bool {
	is := func(name string) bool { return strings.EqualFold(name, text) }
	return slices.ContainsFunc(x.Base.Articles(), func(a *knowledge.Article) bool { return is(a.Title) || slices.ContainsFunc(a.Aliases, is) })
}

// both answers two questions in one, each in short, where each is surely answered by a section of its own.
func (x *exchange) both(text string) (Reply, bool) {
	ps := parts(text)
	if len(ps) < 2 || len(ps) > maxParts || len(rule.Words(text)) > 40 || slices.ContainsFunc(ps, x.namesArticle) {
		return Reply{}, false
	}
	var found []knowledge.Match
	for _, p := range ps {
		res := x.Base.Search(x.query(p))
		ms := known(res.Matches)
		if res.Verdict != knowledge.Sure || len(ms) == 0 || !x.showable(ms[0].Section) {
			return Reply{}, false
		}
		if _, silent := x.silent(p, &res); silent {
			return Reply{}, false
		}
		if matchOf(found, ms[0].Ref) < 0 {
			found = append(found, ms[0])
		}
	}
	if len(found) < 2 {
		return Reply{}, false
	}
	x.next.questions, x.next.result = x.conv.add(text), knowledge.Result{Verdict: knowledge.Sure, Matches: found}
	x.next.pressed = false
	return x.list(x.say.Answer.Both, found, func(m knowledge.Match) markup.Doc {
		if m.Lead != "" {
			return markup.Doc{para(inContext(m.Section, m.Lead))}
		}
		return head(m.Section.Body, shortText/2)
	}), true
}

// inContext returns a sentence of a section with the one before it in the same block, on which it may lean: "Among them
// are ..." says little alone. Where both would be long, it returns the sentence alone.
func inContext(s *knowledge.Section, sentence string) string {
	for _, b := range s.Body {
		text := b.Plain()
		sentences := markup.Sentences(text)
		i := slices.Index(sentences, sentence)
		if i < 1 {
			continue
		}
		from := strings.Index(text, sentences[i-1])
		to := from + len(sentences[i-1])
		to += strings.Index(text[to:], sentence) + len(sentence)
		if utf8.RuneCountInString(text[from:to]) <= shortText {
			return text[from:to]
		}
	}
	return sentence
}

// list shows several sections in short, each with its button.
func (x *exchange) list(intro string, found []knowledge.Match, short func(knowledge.Match) markup.Doc) Reply {
	r := Reply{Kind: Sure, Body: markup.Doc{para(intro)}, Result: knowledge.Result{Verdict: knowledge.Sure, Matches: found}}
	var sections []*knowledge.Section
	for _, m := range found {
		r.Body = append(append(r.Body, heading(m.Section.Heading)), short(m)...)
		sections = append(sections, m.Section)
	}
	r.ID = Fingerprint(sections[0])
	x.next.shown = sections[0].Ref
	r.Footer = x.footer(sections...)
	r.Choices = x.picks(sections, actShow)
	return r
}

// overlap lists the sections that say a word, for questions such as "which uses involve glutamate?".
func (x *exchange) overlap(text string) (Reply, bool) {
	rules, err := talk.Rules()
	if err != nil || rules.First(text, talk.Overlap) == nil {
		return Reply{}, false
	}
	term := lastContentWord(text)
	if len(term) < 4 {
		return Reply{}, false
	}
	var found []knowledge.Match
	shown := ""
	for _, a := range x.shown() {
		for _, s := range x.sectionsOf(a) {
			if form, _ := sentenceWith(s, term); form != "" && len(found) < maxMention {
				shown = form
				found = append(found, knowledge.Match{Ref: s.Ref, Section: s, Score: 1})
			}
		}
	}
	if len(found) < 2 {
		return Reply{}, false
	}
	x.next.questions, x.next.result = x.conv.add(text), knowledge.Result{Verdict: knowledge.Sure, Matches: found}
	x.next.pressed = false
	return x.list(fill(x.say.Answer.Mention, "term", shown), found, func(m knowledge.Match) markup.Doc {
		_, sentence := sentenceWith(m.Section, term)
		return markup.Doc{para(inContext(m.Section, sentence))}
	}), true
}

// lastContentWord returns the last word of a text in the form in which words are compared.
func lastContentWord(text string) string {
	words := rule.Words(text)
	words = slices.DeleteFunc(words, func(w string) bool {
		return slices.Contains([]string{"in", "it", "them", "way", "some", "too", "as", "well", "please", "the", "at", "all"}, w)
	})
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

// sentenceWith returns the first sentence of a section that has the term, and the form of the term in it.
func sentenceWith(s *knowledge.Section, term string) (form, sentence string) {
	stem := strings.TrimSuffix(term, "s")
	for _, sentence := range markup.Sentences(s.Text) {
		for w := range strings.FieldsSeq(sentence) {
			w = strings.Trim(w, ".,;:!?()\"'“”‘’")
			if folded := strings.Join(rule.Words(w), ""); folded == term || folded == stem || folded == stem+"s" {
				return w, sentence
			}
		}
	}
	return "", ""
}
