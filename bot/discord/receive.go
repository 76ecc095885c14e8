package discord

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"docent/bot"
)

// What of an event matters here. discordgo's own types are not used for events: they refuse a whole event when one
// message in it has a component that discordgo does not know.
type (
	user struct {
		ID  string `json:"id"`
		Bot bool   `json:"bot"`
	}
	message struct {
		ID         string   `json:"id"`
		ChannelID  string   `json:"channel_id"`
		GuildID    string   `json:"guild_id"`
		Type       int      `json:"type"`
		Content    string   `json:"content"`
		WebhookID  string   `json:"webhook_id"`
		Author     user     `json:"author"`
		Mentions   []user   `json:"mentions"`
		Flags      int      `json:"flags"`
		Referenced *message `json:"referenced_message"`
	}
	member struct {
		User        user   `json:"user"`
		Permissions string `json:"permissions"`
	}
	option struct {
		Name    string   `json:"name"`
		Value   any      `json:"value"`
		Focused bool     `json:"focused"`
		Options []option `json:"options"`
	}
	interactionData struct {
		Name     string   `json:"name"`
		Type     int      `json:"type"`
		CustomID string   `json:"custom_id"`
		Values   []string `json:"values"`
		TargetID string   `json:"target_id"`
		Options  []option `json:"options"`
		Resolved struct {
			Messages map[string]message `json:"messages"`
		} `json:"resolved"`
	}
	interaction struct {
		ID             string            `json:"id"`
		Token          string            `json:"token"`
		Type           int               `json:"type"`
		ApplicationID  string            `json:"application_id"`
		GuildID        string            `json:"guild_id"`
		ChannelID      string            `json:"channel_id"`
		Locale         string            `json:"locale"`
		Context        int               `json:"context"`
		AppPermissions string            `json:"app_permissions"`
		Owners         map[string]string `json:"authorizing_integration_owners"`
		Member         *member           `json:"member"`
		User           *user             `json:"user"`
		Message        *message          `json:"message"`
		Data           interactionData   `json:"data"`
		Channel        struct {
			ParentID string `json:"parent_id"`
			Type     int    `json:"type"`
		} `json:"channel"`
	}
)

// The types of interactions.
const (
	typePing         = 1
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5
)

// Permissions.
const (
	permManageGuild    = 1 << 5
	permViewChannel    = 1 << 10
	permSendMessages   = 1 << 11
	permManageMessages = 1 << 13
	permEmbedLinks     = 1 << 14
	permReadHistory    = 1 << 16
	permSendInThreads  = 1 << 38
)

// person returns who did it.
func (i *interaction) person() string {
	switch {
	case i.Member != nil:
		return i.Member.User.ID
	case i.User != nil:
		return i.User.ID
	}
	return ""
}

// may says whether the person has a permission in the server.
func (i *interaction) may(permission int64) bool {
	if i.Member == nil {
		return false
	}
	const administrator = 1 << 3
	p, err := strconv.ParseInt(i.Member.Permissions, 10, 64)
	return err == nil && p&(permission|administrator) != 0
}

// botMay says whether the bot has a permission in the channel. Outside servers it may do what it does.
func (i *interaction) botMay(permission int64) bool {
	if i.GuildID == "" || i.AppPermissions == "" {
		return true
	}
	const administrator = 1 << 3
	p, err := strconv.ParseInt(i.AppPermissions, 10, 64)
	return err != nil || p&(permission|administrator) != 0
}

// botIsHere says whether the bot's user is in the channel, so that it can post there.
func (i *interaction) botIsHere() bool {
	const withBot = 1
	if i.GuildID == "" {
		return i.Context == withBot
	}
	return i.Owners["0"] != ""
}

// inThread says whether the channel is a thread.
func (i *interaction) inThread() bool { return i.Channel.Type >= 10 && i.Channel.Type <= 12 }

// botMayWrite says whether the bot may post in the channel.
func (i *interaction) botMayWrite() bool {
	if i.inThread() {
		return i.botMay(permSendInThreads)
	}
	return i.botMay(permSendMessages)
}

// option returns an option of the command by its name.
func (i *interaction) option(name string) (any, bool) {
	for _, o := range i.Data.Options {
		if o.Name == name {
			return o.Value, true
		}
	}
	return nil, false
}

func (i *interaction) text(name string) string {
	v, _ := i.option(name)
	s, _ := v.(string)
	return s
}

// question returns the start of every Question that comes from an interaction.
func (i *interaction) question() bot.Question {
	return bot.Question{
		Place: bot.Place{Platform: Platform, Channel: i.ChannelID}, Person: i.person(), Locale: i.Locale, At: snowflakeTime(i.ID),
	}
}

// An ask is a question with how its answer is wanted.
type ask struct {
	bot.Question
	person string // the person whom the answer is for
	about  string // id of the message that the question is
	empty  bool   // the message that should be the question has no words
	named  bool   // the text should be the name of a topic
}

// fromCommand reads a use of a command. It returns false for commands that are not questions.
func fromCommand(i *interaction, topics []bot.Topic) (ask, bool) {
	q := ask{Question: i.question()}
	if _, err := strconv.ParseUint(i.text(optionFor), 10, 64); err == nil {
		q.person = i.text(optionFor)
	}
	if i.Data.Type == commandOnMessage {
		target := i.Data.Resolved.Messages[i.Data.TargetID]
		q.Text, q.about = cleanContent(target.Content), i.Data.TargetID
		q.empty = q.Text == ""
		return q, true
	}
	if choice := commandChoice(i.Data.Name); choice != "" {
		q.Choice = choice
		return q, true
	}
	switch i.Data.Name {
	case "ask":
		q.pick(i.text(optionQuestion), topics)
		return q, true
	case "topic":
		q.pick(i.text(optionName), topics)
		q.named = true
		return q, true
	}
	for _, t := range topics {
		if t.Name == i.Data.Name {
			q.Choice = t.Value
			return q, true
		}
	}
	return q, false
}

// commandChoice returns the Choice that a command stands for.
func commandChoice(command string) string {
	switch command {
	case "topics":
		return bot.ChoiceTopics
	case "help":
		return bot.ChoiceHelp
	case "privacy":
		return bot.ChoicePrivacy
	case "forget":
		return bot.ChoiceForget
	case "helpnow":
		return bot.ChoiceHelpNow
	}
	return ""
}

// pickMark begins the value of an autocomplete entry. The key of the topic's Ref follows, which stays the same when the
// section's text changes.
const pickMark = "topic:"

// keyLength is the length of a Ref's key.
const keyLength = 11

// pick takes what a person typed or picked from the list. What was not picked is a question.
func (q *ask) pick(value string, topics []bot.Topic) {
	key, picked := strings.CutPrefix(value, pickMark)
	if !picked || len(key) != keyLength {
		q.Text = strings.TrimSpace(value)
		return
	}
	q.Choice = value // a section that is gone since: the bot says so and offers what there is
	for _, t := range topics {
		if t.Ref.Key() == key {
			q.Choice = t.Value
			return
		}
	}
}

// fromMessage reads a message. It returns false when the message is not for the bot. With all it takes messages that do
// not address the bot too, and reports so.
func fromMessage(m *message, botID string, all bool) (q ask, addressed, ok bool) {
	const plainMessage, reply = 0, 19
	if m.Author.ID == "" || m.Author.Bot || m.WebhookID != "" || m.Type != plainMessage && m.Type != reply {
		return ask{}, false, false
	}
	addressed = m.GuildID == "" || mentions(m, botID) || m.Referenced != nil && m.Referenced.Author.ID == botID
	if !addressed && !all {
		return ask{}, false, false
	}
	q.Question = bot.Question{
		Place: bot.Place{Platform: Platform, Channel: m.ChannelID}, Person: m.Author.ID, At: snowflakeTime(m.ID),
		Text: cleanContent(m.Content),
	}
	q.about = m.ID
	if q.Text != "" {
		return q, addressed, true
	}
	if !addressed {
		return q, false, m.ID == m.ChannelID // a post of a forum has a title too
	}
	if m.Referenced != nil && m.Referenced.Author.ID != botID {
		q.Text = cleanContent(m.Referenced.Content)
	}
	if q.Text == "" {
		q.Choice = bot.ChoiceHelp
	}
	return q, true, mentions(m, botID) || m.GuildID == ""
}

func mentions(m *message, id string) bool {
	for _, u := range m.Mentions {
		if u.ID == id {
			return true
		}
	}
	return false
}

// entity is a mention, custom emoji, time or command in a message's text.
var entity = regexp.MustCompile(`<(?:@[!&]?|#)\d+>|<a?:\w+:\d+>|<t:-?\d+(?::\w)?>|</[^<>:]+:\d+>|@everyone|@here`)

// cleanContent returns the words of a message without mentions and the like.
func cleanContent(content string) string {
	return strings.TrimSpace(entity.ReplaceAllString(content, " "))
}

// snowflakeTime returns when an id was made.
func snowflakeTime(id string) time.Time {
	const epoch = 1420070400000
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(n>>22 + epoch)
}

// shardOf returns which of n shards serves a server. Direct messages (no server) come to the first.
func shardOf(guild string, n int) int {
	id, err := strconv.ParseUint(guild, 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return int((id >> 22) % uint64(n))
}

// A button's custom_id is "d1|", the asker's id in base 36, "|", and the Choice's value. deleteValue stands for the
// adapter's own button, and menuValue for a menu whose entries have the values.
const (
	idVersion   = "d1|"
	deleteValue = "!delete"
	menuValue   = "!menu"
)

func buttonID(asker, value string) string {
	n, _ := strconv.ParseUint(asker, 10, 64)
	return idVersion + strconv.FormatUint(n, 36) + "|" + value
}

// isValue says whether a text can be the Value of a Choice.
func isValue(s string) bool {
	return s != "" && len(s) <= bot.MaxChoice && strings.Trim(s, valueLetters) == ""
}

const valueLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

// fromButton reads a custom_id. It returns false for one that this version did not make.
func fromButton(id string) (asker, value string, ok bool) {
	rest, ours := strings.CutPrefix(id, idVersion)
	who, value, cut := strings.Cut(rest, "|")
	n, err := strconv.ParseUint(who, 36, 64)
	if !ours || !cut || err != nil || !isValue(strings.TrimPrefix(value, "!")) {
		return "", "", false
	}
	return strconv.FormatUint(n, 10), value, true
}
