package bot

import (
	"docent/bot/phrases"
	"docent/bot/talk"
	"docent/internal/markup"
)

// maxExamples is how many example questions help shows.
const maxExamples = 3

func para(s string) markup.Block { return markup.Para(markup.Text(s)) }

func heading(s string) markup.Block {
	return markup.Block{Kind: markup.Heading, Level: 2, Spans: []markup.Span{markup.Text(s)}}
}

func item(spans ...markup.Span) markup.Block { return markup.Block{Kind: markup.Item, Spans: spans} }

func fill(phrase string, pairs ...string) string { return phrases.Fill(phrase, pairs...) }

// fixed says one of the bot's own phrases, with the topics under it.
func (x *exchange) fixed(text string) Reply {
	return Reply{Kind: Fixed, Body: markup.Doc{para(text)}, Choices: x.firstTopics()}
}

// command answers a choice that stands for a command.
func (x *exchange) command(word string) Reply {
	switch "1" + word {
	case ChoiceStart:
		return x.help(x.say.Talk.Welcome)
	case ChoiceTopics:
		return x.menu()
	case ChoicePrivacy:
		return x.privacy()
	case ChoiceForget:
		return x.forget()
	case ChoiceHelpNow:
		return x.helpNow(x.q.Region)
	}
	return x.help("")
}

// help says what the bot does and what could be asked, after a word of welcome.
func (x *exchange) help(welcome string) Reply {
	var d markup.Doc
	if welcome != "" {
		d = append(d, para(welcome))
	}
	d = append(d, para(x.say.Talk.Help), para(x.say.Talk.HelpHow))
	if examples := x.examples(); len(examples) > 0 {
		d = append(append(d, para(x.say.Talk.TryAsking)), examples...)
	}
	return Reply{Kind: Fixed, Body: d, Choices: x.firstTopics()}
}

// examples lists questions that the articles' authors gave, each from another section.
func (x *exchange) examples() markup.Doc {
	var d markup.Doc
	for _, a := range x.shown() {
		for _, s := range x.sectionsOf(a) {
			if len(s.Ask) > 0 && len(d) < maxExamples {
				d = append(d, item(markup.Text(s.Ask[0])))
			}
		}
	}
	return d
}

// smallTalk answers a message that only greets, thanks, says goodbye or asks about the bot.
func (x *exchange) smallTalk(text string) (Reply, bool) {
	rules, err := talk.Rules()
	if err != nil {
		x.log().Error("small talk not read", "err", err)
		return Reply{}, false
	}
	rule := rules.First(text, talk.Greeting, talk.Thanks, talk.Bye, talk.Who, talk.Robot, talk.Can)
	if rule == nil {
		return Reply{}, false
	}
	switch rule.Kind {
	case talk.Greeting:
		return x.fixed(x.say.Talk.Greeting), true
	case talk.Thanks:
		return x.short(x.say.Talk.Thanks), true
	case talk.Bye:
		return x.short(x.say.Talk.Bye), true
	case talk.Who:
		return x.fixed(x.say.Talk.Who), true
	case talk.Robot:
		return x.fixed(x.say.Talk.Robot), true
	}
	return x.help(""), true
}

// short says a phrase with the button for the topics only.
func (x *exchange) short(text string) Reply {
	return Reply{Kind: Fixed, Body: markup.Doc{para(text)}, Choices: []Choice{x.topicsChoice()}}
}

// forget erases what is remembered of the person.
func (x *exchange) forget() Reply {
	x.memory.forget(x.q.Place.Platform, x.q.Person)
	x.next = conversation{}
	return Reply{Kind: Fixed, Private: true, Body: markup.Doc{para(x.say.Privacy.Forgotten)}}
}
