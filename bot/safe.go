package bot

import (
	"context"
	"slices"
	"strings"

	"docent/bot/phrases"
	"docent/bot/rule"
	"docent/bot/safety"
	"docent/internal/markup"
	"docent/knowledge"
)

// crisis answers danger and thoughts of suicide, before anything else is looked at.
func (x *exchange) crisis(text string) (Reply, bool) {
	rules, ok := x.safetyRules()
	if !ok {
		return Reply{}, false
	}
	var found *rule.Rule
	best := -1
	for _, r := range rules.Match(text, safety.Danger, safety.SelfHarm) {
		familiar := 2 * r.Familiar(text)
		if r.Language == x.say.Language {
			familiar++ // where two languages are as likely, the person's own
		}
		if found == nil || r.Kind == found.Kind && familiar > best {
			found, best = r, familiar
		}
	}
	return x.crisisBy(found)
}

// crisisByMeaning answers them where they are said in words that no pattern has.
func (x *exchange) crisisByMeaning(text string) (Reply, bool) {
	return x.crisisBy(x.near(text, safety.Danger, safety.SelfHarm))
}

// crisisBy answers in the language of the rule that noticed a crisis, which is the person's own.
func (x *exchange) crisisBy(found *rule.Rule) (Reply, bool) {
	if found == nil {
		return Reply{}, false
	}
	x.say = phrases.For(found.Language)
	if found.Kind == safety.Danger {
		return x.dangerReply(), true
	}
	return x.selfHarmReply(), true
}

// near returns the safety rule of the given kinds that is nearest to a text in meaning, if one is near enough.
func (x *exchange) near(text string, kinds ...string) *rule.Rule {
	if x.Embed == nil {
		return nil
	}
	near, err := safety.Near()
	if err != nil {
		x.log().Error("examples of the safety rules not read", "err", err)
		return nil
	}
	return near.First(text, func(t string) []float32 { return x.Embed(&x.heard, t) }, kinds...)
}

func (x *exchange) safetyRules() (*rule.Set, bool) {
	rules, err := safety.Rules()
	if err != nil {
		x.log().Error("safety rules not read", "err", err)
		return nil, false
	}
	return rules, true
}

// dangerReply has a number and little else: it must be read at a glance.
func (x *exchange) dangerReply() Reply {
	s := x.say.Safety
	return x.crisisReply(fill(s.Danger, "number", x.emergency()), s.DangerStay, s.Program)
}

func (x *exchange) selfHarmReply() Reply {
	s := x.say.Safety
	return x.crisisReply(fill(s.SelfHarm, "contact", x.helpline()), fill(s.SelfHarmNext, "number", x.emergency()), s.Program)
}

func (x *exchange) crisisReply(lines ...string) Reply {
	r := Reply{Kind: Crisis, Private: true}
	for _, l := range lines {
		r.Body = append(r.Body, para(l))
	}
	r.Choices = []Choice{{Label: x.say.Buttons.HelpNow, Value: ChoiceHelpNow, Group: GroupMore}}
	return r
}

// emergency returns the emergency number of the person's region.
func (x *exchange) emergency() string {
	c := x.contact(safety.Emergency)
	if c.Number == "" {
		return c.String()
	}
	return c.Number
}

// helpline returns who can be talked to in the person's region.
func (x *exchange) helpline() string { return x.contact(safety.Suicide).String() }

// contact returns the best contact for a purpose; a shipped one where the configured ones have none.
func (x *exchange) contact(purpose string) safety.Contact {
	c, ok := safety.Best(x.contacts(), purpose, x.q.Region, x.now)
	if ok {
		return c
	}
	if shipped, err := safety.Contacts(); err == nil {
		c, _ = safety.Best(shipped, purpose, x.q.Region, x.now)
	}
	return c
}

// refuse answers what a program must not answer: amounts, self-treatment, diagnosis. The articles stay reachable.
func (x *exchange) refuse(text string) (Reply, bool) {
	rules, ok := x.safetyRules()
	if !ok {
		return Reply{}, false
	}
	found := rules.First(text, safety.Dose, safety.Diagnosis)
	if found == nil {
		return Reply{}, false
	}
	why := x.say.Safety.Dose
	if found.Kind == safety.Diagnosis {
		why = x.say.Safety.Diagnosis
	}
	r := Reply{Kind: Refusal, Private: true, Body: markup.Doc{para(why)}}
	res := x.Base.Search(x.query(text))
	res.Matches = known(res.Matches)
	x.offerRelated(&r, res)
	return r, true
}

// offerRelated adds the sections that come nearest, or else some topics.
func (x *exchange) offerRelated(r *Reply, res knowledge.Result) {
	near := x.offers(res)
	if len(near) == 0 {
		r.Choices = x.firstTopics()
		return
	}
	r.Body = append(r.Body, para(x.say.Safety.Reachable))
	r.Choices = append(x.picks(near, actShow), x.topicsChoice())
}

// silent holds a result against the rules for pregnancy and children: only sections that speak of them may answer. It
// returns the reply where none does.
func (x *exchange) silent(text string, res *knowledge.Result) (Reply, bool) {
	rules, ok := x.safetyRules()
	if !ok {
		return Reply{}, false
	}
	for _, r := range rules.Match(text, safety.Pregnancy, safety.Children) {
		speaking := slices.DeleteFunc(slices.Clone(res.Matches), func(m knowledge.Match) bool { return !mentions(m.Section, r.Words) })
		if len(speaking) == 0 {
			why := x.say.Safety.Pregnancy
			if r.Kind == safety.Children {
				why = x.say.Safety.Children
			}
			reply := Reply{Kind: None, Private: true, Body: markup.Doc{para(why)}}
			x.offerRelated(&reply, *res)
			return reply, true
		}
		if res.Verdict == knowledge.Sure && speaking[0].Ref != res.Matches[0].Ref {
			res.Verdict = knowledge.Unsure
		}
		res.Matches = speaking
	}
	return Reply{}, false
}

// mentions reports whether a section has a word that begins as one of the given ones.
func mentions(s *knowledge.Section, words []string) bool {
	text := " " + strings.Join(rule.Words(s.Heading+" "+s.Text), " ")
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, " "+w) })
}

// withHelpLine adds one line of help to an answer about suicide or self-harm.
func (x *exchange) withHelpLine(text string, r Reply) Reply {
	rules, ok := x.safetyRules()
	if ok && rules.First(text, safety.SelfHarmTopic) != nil {
		r.Body = append(slices.Clone(r.Body), para(fill(x.say.Safety.HelpLine, "contact", x.helpline())))
	}
	return r
}

// written answers a question in words. Safety comes first.
func (x *exchange) written(ctx context.Context, text string) Reply {
	if r, ok := x.crisis(text); ok {
		return r
	}
	if value, ok := x.typedChoice(text); ok {
		return x.pressed(ctx, value)
	}
	if r, ok := x.smallTalk(text); ok {
		return r
	}
	if r, ok := x.crisisByMeaning(text); ok {
		return r
	}
	if r, ok := x.refuse(text); ok {
		return x.withHelpLine(text, r)
	}
	for _, special := range []func(string) (Reply, bool){x.more, x.overlap, x.both} {
		if r, ok := special(text); ok {
			return x.withHelpLine(text, r)
		}
	}
	return x.withHelpLine(text, x.ask(ctx, text))
}
