package web

import (
	"crypto/rand"
	"html/template"
	"time"

	"docent/bot"
)

// maxListed is how many topics the page lists; the others are found by asking or through the menu.
const maxListed = 60

// A page is everything that the template shows.
type page struct {
	Version  string // of the assets, for their addresses
	Talk     string // the conversation's id
	Examples []string
	Commands []command
	Articles []articleView
	Topics   int // how many there are
	Unlisted int // how many of them are not listed
	Exchange *exchange
	MaxText  int
}

// articleView is an article with its topics, as the page lists them.
type articleView struct {
	Title  string
	Topics []command
}

// A command is a button that asks for one thing.
type command struct{ Talk, Value, Label string }

// commands returns the buttons at the top of the page.
func commands(talk string) []command {
	return []command{{talk, bot.ChoiceTopics, "Topics"}, {talk, bot.ChoiceHelp, "Help"}, {talk, bot.ChoicePrivacy, "Privacy"}}
}

// An exchange is a question and its answer.
type exchange struct {
	Talk    string
	Asked   string // what the person wrote, or the label of what was pressed
	Pressed bool
	Problem string // set instead of the reply
	At      string
	Replace bool
	Kind    string
	Score   string
	Body    template.HTML
	Footer  template.HTML
	Private bool
	Looks   []look // the platforms, in order
}

// A look is one way of showing the same reply.
type look struct {
	Name  string // as people write it
	Class string
	Talk  string
	Rows  [][]bot.Choice // of buttons
}

func looks(talk string, choices []bot.Choice) []look {
	return []look{
		{Name: "Discord", Class: "discord", Talk: talk, Rows: discordLayout(choices)},
		{Name: "Telegram", Class: "telegram", Talk: talk, Rows: telegramLayout(choices)},
	}
}

func newTalk() string { return rand.Text() }

// validTalk reports whether s can be an id that newTalk made.
func validTalk(s string) bool {
	if len(s) != 26 {
		return false
	}
	for _, r := range s {
		if !(r >= 'A' && r <= 'Z' || r >= '2' && r <= '7') {
			return false
		}
	}
	return true
}

// articleViews groups topics by article and returns how many are left out.
func articleViews(talk string, topics []bot.Topic) (views []articleView, unlisted int) {
	for i, t := range topics {
		if i >= maxListed {
			return views, len(topics) - maxListed
		}
		if n := len(views); n == 0 || views[n-1].Title != t.Article {
			views = append(views, articleView{Title: t.Article})
		}
		last := &views[len(views)-1]
		last.Topics = append(last.Topics, command{talk, t.Value, t.Title})
	}
	return views, 0
}

func newExchange(talk string, r bot.Reply, at time.Time) *exchange {
	return &exchange{
		Talk:    talk,
		At:      at.Format("15:04"),
		Replace: r.Replace,
		Kind:    r.Kind.String(),
		Body:    docHTML(r.Body),
		Footer:  docHTML(r.Footer),
		Private: r.Private,
		Looks:   looks(talk, r.Choices),
	}
}
