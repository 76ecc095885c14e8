package telegram

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"docent/bot"
)

// A task says what an event asks for.
type task uint8

const (
	taskAsk      task = iota // answer a Question
	taskInline               // list sections for an inline query
	taskSettings             // show or change settings; args are the words behind the command
	taskSet                  // a pressed settings button
	taskMigrate              // a group became a supergroup
)

// An event is an update that asks for something.
type event struct {
	task      task
	question  bot.Question
	chat      int64
	group     bool
	topic     int // the forum topic to answer in; 0: none
	replyTo   int // the message to answer; 0: none
	source    int // the message that asked
	person    int64
	anonymous bool // an administrator who writes as the group itself
	edited    bool
	command   bool // a group's command, whose message may be removed
	auto      bool // not addressed: answered only where the group wants that, and only when sure
	ephemeral int  // the ephemeral message that asked, or whose button was pressed
	callback  string
	pressed   int    // the message whose button was pressed
	lost      bool   // the pressed message cannot be changed any more
	inline    string // inline_message_id of the pressed message
	query     string // id of an inline or guest query
	offset    string
	args      string
	migrateTo int64
	language  string
}

// key names the lane of an event: events of one lane are handled one after another.
func (e event) key() string {
	switch {
	case e.task == taskInline:
		return "user " + strconv.FormatInt(e.person, 10)
	case e.chat == 0:
		return "message " + e.inline + e.query
	}
	return "chat " + strconv.FormatInt(e.chat, 10)
}

// receive turns an update into an event. It is false for what needs no answer.
func receive(u update, me identity, n *names) (event, bool) {
	switch {
	case u.Callback != nil && u.Callback.From != nil:
		return receivePress(u.Callback)
	case u.Inline != nil && u.Inline.From != nil:
		return receiveInline(u.Inline)
	case u.Guest != nil && u.Guest.GuestID != "":
		return receiveGuest(u.Guest, me)
	case u.Edited != nil:
		e, ok := receiveMessage(u.Edited, me, n)
		e.edited, e.question.At = true, time.Unix(int64(u.Edited.EditDate), 0)
		return e, ok && e.task == taskAsk
	case u.Message != nil:
		return receiveMessage(u.Message, me, n)
	}
	return event{}, false
}

func receiveMessage(m *message, me identity, n *names) (event, bool) {
	if m.Chat == nil {
		return event{}, false
	}
	if m.MigrateToChatID != 0 {
		return event{task: taskMigrate, chat: m.Chat.ID, migrateTo: m.MigrateToChatID}, true
	}
	e, ok := writer(m, me)
	if !ok {
		return event{}, false
	}
	text, list := m.Text, m.Entities
	if text == "" {
		text, list = m.Caption, m.CaptionEntities
	}
	if cmd, ok := leadingCommand(text, list); ok {
		if e.group && !cmd.isFor(me, n) {
			return event{}, false
		}
		return e.commanded(cmd, m, n)
	}
	if e.group {
		return e.addressed(text, list, m, me)
	}
	if text == "" && !hasMedia(&m.Message) {
		return event{}, false
	}
	if text == "" {
		e.question.Choice = bot.ChoiceHelp
	}
	e.question.Text = text
	return e, true
}

// writer fills in who wrote a message and where. It is false for messages of no person: posts of channels, other bots,
// and results of our own that come back.
func writer(m *message, me identity) (event, bool) {
	e := event{chat: m.Chat.ID, source: m.MessageID, ephemeral: m.Ephemeral}
	e.group = m.Chat.Type == "group" || m.Chat.Type == "supergroup"
	switch {
	case !e.group && m.Chat.Type != "private", m.IsAutomaticForward, m.ViaBot != nil && m.ViaBot.ID == me.id:
		return e, false
	case m.SenderChat != nil:
		e.person, e.anonymous = m.SenderChat.ID, m.SenderChat.ID == m.Chat.ID
	case m.From == nil || m.From.IsBot:
		return e, false
	default:
		e.person, e.language = m.From.ID, m.From.LanguageCode
	}
	if m.IsTopic {
		e.topic = m.Thread
	}
	if e.group {
		e.replyTo = m.MessageID
	}
	e.question = bot.Question{Place: place(e.chat, e.topic), Person: strconv.FormatInt(e.person, 10), Locale: e.language,
		At: time.Unix(int64(m.Date), 0)}
	return e, true
}

func place(chat int64, topic int) bot.Place {
	p := bot.Place{Platform: Platform, Channel: strconv.FormatInt(chat, 10)}
	if topic != 0 {
		p.Thread = strconv.Itoa(topic)
	}
	return p
}

// commanded asks what a command stands for.
func (e event) commanded(cmd command, m *message, n *names) (event, bool) {
	e.command = e.group
	other := repliedTo(m) // somebody's question that the command answers
	switch value := n.choice[cmd.name]; {
	case cmd.name == "start" && cmd.args != "" && len(cmd.args) <= bot.MaxChoice && strings.HasPrefix(cmd.args, "1"):
		e.question.Choice = cmd.args
	case cmd.name == "settings":
		e.task, e.args = taskSettings, cmd.args
	case cmd.name == "ask" && cmd.args != "":
		e.question.Text = cmd.args
	case cmd.name == "ask" && other != nil && textOf(other) != "":
		e.question.Text = textOf(other)
	case value != "":
		e.question.Choice = value
	default:
		e.question.Choice = bot.ChoiceHelp
	}
	if e.group && other != nil && e.task == taskAsk {
		e.replyTo = other.MessageID
	}
	return e, true
}

// addressed decides whether a group's message without a command is for the bot: it mentions the bot or replies to it.
func (e event) addressed(text string, list []tgbotapi.MessageEntity, m *message, me identity) (event, bool) {
	rest, mentioned := cutMention(text, list, me)
	other := repliedTo(m)
	ours := other != nil && other.From != nil && other.From.ID == me.id
	e.question.Text = rest
	switch {
	case mentioned && rest == "" && other != nil && !ours && textOf(other) != "":
		e.question.Text, e.replyTo = textOf(other), other.MessageID
	case mentioned && rest == "":
		e.question.Choice = bot.ChoiceHelp
	case mentioned:
	case text == "":
		return event{}, false
	case ours:
	default:
		e.auto = true
		return e, other == nil && utf8.RuneCountInString(text) >= minAuto
	}
	return e, true
}

// minAuto is the length in runes of the shortest message that is answered without being addressed.
const minAuto = 8

// repliedTo returns the message that m really answers. In a topic a message that answers nobody carries the topic's
// first message.
func repliedTo(m *message) *message {
	r := m.ReplyTo
	if r == nil || m.IsTopic && r.MessageID == m.Thread {
		return nil
	}
	return r
}

func textOf(m *message) string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// hasMedia reports whether a message without words is something that a person sent, and not a notice of Telegram's.
func hasMedia(m *tgbotapi.Message) bool {
	return m.MediaGroupID == "" && (m.Voice != nil || m.Sticker != nil || len(m.Photo) > 0 || m.Document != nil ||
		m.Video != nil || m.Audio != nil || m.VideoNote != nil || m.Animation != nil || m.Location != nil || m.Contact != nil)
}

func receivePress(c *callback) (event, bool) {
	e := event{callback: c.ID, person: c.From.ID, language: c.From.LanguageCode, inline: c.InlineMessageID}
	e.question = bot.Question{Choice: c.Data, Person: strconv.FormatInt(c.From.ID, 10), Locale: c.From.LanguageCode,
		Place: bot.Place{Platform: Platform, Channel: c.ChatInstance}}
	if strings.HasPrefix(c.Data, setPrefix) {
		e.task, e.args = taskSet, strings.TrimPrefix(c.Data, setPrefix)
	}
	if len(c.Data) > bot.MaxChoice {
		e.question.Choice = "?" // forged: the bot says that it knows no such button
	}
	if m := c.Message; m != nil && m.Chat != nil {
		e.chat, e.pressed, e.lost, e.ephemeral = m.Chat.ID, m.MessageID, m.Date == 0, m.Ephemeral
		e.group = m.Chat.Type == "group" || m.Chat.Type == "supergroup"
		if m.IsTopic {
			e.topic = m.Thread
		}
		if e.group && m.Ephemeral == 0 {
			e.replyTo = m.MessageID
		}
		e.question.Place = place(e.chat, e.topic)
	}
	return e, e.question.Choice != "" && (e.chat != 0 || e.inline != "")
}

func receiveInline(q *tgbotapi.InlineQuery) (event, bool) {
	id := strconv.FormatInt(q.From.ID, 10)
	return event{task: taskInline, person: q.From.ID, language: q.From.LanguageCode, query: q.ID, offset: q.Offset,
		question: bot.Question{Text: strings.TrimSpace(q.Query), Person: "", Locale: q.From.LanguageCode,
			Place: bot.Place{Platform: Platform, Channel: "inline/" + id}}}, true
}

// receiveGuest asks what somebody wrote to the bot in a chat that it is no member of.
func receiveGuest(m *message, me identity) (event, bool) {
	if m.From == nil || m.From.IsBot {
		return event{}, false
	}
	text, list := m.Text, m.Entities
	if text == "" {
		text, list = m.Caption, m.CaptionEntities
	}
	rest, _ := cutMention(text, list, me)
	e := event{query: m.GuestID, person: m.From.ID, language: m.From.LanguageCode}
	e.question = bot.Question{Text: rest, Locale: m.From.LanguageCode, At: time.Unix(int64(m.Date), 0),
		Place: bot.Place{Platform: Platform, Channel: "guest/" + m.GuestID}}
	if other := repliedTo(m); rest == "" && other != nil {
		e.question.Text = textOf(other)
	}
	if e.question.Text == "" {
		e.question.Choice = bot.ChoiceHelp
	}
	return e, true
}
