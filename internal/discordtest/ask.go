package discordtest

import (
	"context"
	"fmt"
	"sort"
	"time"
)

// patience is how long the helpers that fail the test wait.
const patience = 20 * time.Second

func (s *Server) wait() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), patience)
}

// Slash uses a slash command and returns what the person sees in the end. It fails the test when nothing comes.
func (s *Server) Slash(u User, at Channel, command string, options ...Option) Message {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	i, err := s.Start(ctx, u, at, command, options...)
	return s.must(ctx, i, err, "/"+command)
}

// Ask asks with /ask, or plainly in a direct message, and returns the reply. It fails the test when none comes.
func (s *Server) Ask(u User, at Channel, text string) Message {
	s.tb.Helper()
	if at.Guild == "" {
		return s.Say(u, at, text)
	}
	return s.Slash(u, at, "ask", Text("question", text))
}

func (s *Server) must(ctx context.Context, i *Interaction, err error, what string) Message {
	s.tb.Helper()
	if err != nil {
		s.tb.Fatalf("%s: %v", what, err)
	}
	m, err := i.Wait(ctx)
	if err != nil {
		s.tb.Fatalf("%s: %v", what, err)
	}
	return m
}

// Press presses the button with a label and returns the message that shows the result: the same message when the bot
// changed it. It fails the test when there is no such button or nothing comes.
func (s *Server) Press(u User, m Message, label string) Message {
	s.tb.Helper()
	for _, b := range m.Buttons {
		if b.Label == label && b.ID != "" {
			return s.PressID(u, m, b.ID)
		}
	}
	s.tb.Fatalf("there is no button %q; there are %q", label, m.Labels())
	return Message{}
}

// PressID presses a button by its custom_id, which may be forged.
func (s *Server) PressID(u User, m Message, customID string) Message {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	i, err := s.StartPress(ctx, u, m, customID)
	return s.must(ctx, i, err, "press")
}

// Select chooses the entry of a select menu with a label, and is otherwise like Press.
func (s *Server) Select(u User, m Message, label string) Message {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	for _, o := range m.Menu {
		if o.Label == label {
			i, err := s.startComponent(ctx, u, m, map[string]any{"custom_id": o.ID, "component_type": 3, "id": 2, "values": []string{o.Value}})
			return s.must(ctx, i, err, "select")
		}
	}
	s.tb.Fatalf("there is no entry %q; there are %v", label, m.Menu)
	return Message{}
}

// StartPress presses a button without waiting for the answer.
func (s *Server) StartPress(ctx context.Context, u User, m Message, customID string) (*Interaction, error) {
	return s.startComponent(ctx, u, m, map[string]any{"custom_id": customID, "component_type": 2, "id": 2})
}

// PressData uses a component with data that may be forged, and returns what the person sees.
func (s *Server) PressData(u User, m Message, data map[string]any) Message {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	i, err := s.startComponent(ctx, u, m, data)
	return s.must(ctx, i, err, "press")
}

func (s *Server) startComponent(ctx context.Context, u User, m Message, data map[string]any) (*Interaction, error) {
	s.mu.Lock()
	st := s.messages[m.ID]
	at := s.channelOf(m.Channel)
	s.mu.Unlock()
	if st == nil {
		return nil, fmt.Errorf("message %s is not known", m.ID)
	}
	i, p := s.newInteraction(u, at, 3, data, st)
	return i, s.deliver(ctx, i, p)
}

// channelOf returns a channel by its id. The caller holds s.mu.
func (s *Server) channelOf(id string) Channel {
	if id != "" && id[0] == '5' {
		return Channel{ID: id}
	}
	return Channel{ID: id, Guild: Guild, Parent: s.threads[id]}
}

// Complete types into an option that has autocomplete and returns the list and how long it took to come.
func (s *Server) Complete(u User, at Channel, command, option, typed string) ([]Choice, time.Duration) {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	o := Option{Name: option, Type: 3, Value: typed, Focused: true}
	i, p := s.newInteraction(u, at, 4, s.commandData(command, 1, []Option{o}), nil)
	err := s.deliver(ctx, i, p)
	s.must(ctx, i, err, "autocomplete")
	took, _ := i.Acked()
	return i.choices, took
}

// OnMessage uses a command of the context menu on a message that says text, with extra fields that the message carries.
// It returns the first answer.
func (s *Server) OnMessage(u User, at Channel, command, text string, extra map[string]any) (Message, string) {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	s.mu.Lock()
	target := s.nextID()
	s.mu.Unlock()
	d := s.commandData(command, 3, nil)
	d["target_id"] = target
	d["resolved"] = map[string]any{"messages": map[string]any{target: s.postJSON(User{ID: "42"}, at, target, text, extra)}}
	i, p := s.newInteraction(u, at, 2, d, nil)
	err := s.deliver(ctx, i, p)
	return s.must(ctx, i, err, command), target
}

// postJSON is a person's message as the gateway carries it.
func (s *Server) postJSON(u User, at Channel, id, text string, extra map[string]any) map[string]any {
	m := map[string]any{
		"id": id, "channel_id": at.ID, "type": 0, "content": text, "mentions": []any{}, "mention_roles": []any{}, "attachments": []any{},
		"embeds": []any{}, "timestamp": time.Now().UTC().Format(time.RFC3339), "edited_timestamp": nil, "flags": 0, "components": []any{},
		"author": u.json(), "pinned": false, "mention_everyone": false, "tts": false, "channel_type": at.json()["type"],
	}
	if at.Guild != "" {
		m["guild_id"] = at.Guild
	}
	for k, v := range extra {
		m[k] = v
	}
	return m
}

// Post says something without waiting for an answer and returns the message's id.
func (s *Server) Post(ctx context.Context, u User, at Channel, text string, extra map[string]any) (string, error) {
	s.mu.Lock()
	id := s.nextID()
	if forced, is := extra["id"].(string); is {
		id = forced
	}
	s.mu.Unlock()
	return id, s.Dispatch(ctx, "MESSAGE_CREATE", at.Guild, s.postJSON(u, at, id, text, extra))
}

// Say says something and returns the bot's next message there. It fails the test when none comes.
func (s *Server) Say(u User, at Channel, text string) Message { return s.SayWith(u, at, text, nil) }

// SayWith is Say for a message with extra fields.
func (s *Server) SayWith(u User, at Channel, text string, extra map[string]any) Message {
	s.tb.Helper()
	ctx, cancel := s.wait()
	defer cancel()
	before := len(s.Messages(at))
	if _, err := s.Post(ctx, u, at, text, extra); err != nil {
		s.tb.Fatalf("say: %v", err)
	}
	m, err := s.WaitMessages(ctx, at, before+1)
	if err != nil {
		s.tb.Fatalf("say: %v", err)
	}
	return m[before]
}

// Mention says something to the bot in a channel and returns its reply. It fails the test when none comes.
func (s *Server) Mention(u User, at Channel, text string) Message {
	s.tb.Helper()
	return s.SayWith(u, at, "<@"+BotID+"> "+text, Mentioned())
}

// Mentioned returns the extra fields of a message that mentions the bot.
func Mentioned() map[string]any { return map[string]any{"mentions": []any{botUser(false)}} }

// ReplyTo returns the extra fields of a message that replies to a message of the bot and pings it.
func ReplyTo(m Message) map[string]any {
	return map[string]any{
		"type": 19, "mentions": []any{botUser(false)},
		"message_reference":  map[string]any{"type": 0, "message_id": m.ID, "channel_id": m.Channel},
		"referenced_message": map[string]any{"id": m.ID, "channel_id": m.Channel, "author": botUser(false), "content": "", "type": 0},
	}
}

// Messages returns the bot's messages in a channel that are not deleted and not spinners, oldest first.
func (s *Server) Messages(at Channel) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.visible(at)
}

func (s *Server) visible(at Channel) []Message {
	var out []Message
	for _, st := range s.messages {
		if st.channel == at.ID && !st.deleted && !st.loading {
			out = append(out, st.view())
		}
	}
	sort.Slice(out, func(a, b int) bool { return out[a].ID < out[b].ID })
	return out
}

// WaitMessages waits until the bot has at least n visible messages in a channel.
func (s *Server) WaitMessages(ctx context.Context, at Channel, n int) ([]Message, error) {
	for {
		s.mu.Lock()
		got, changed := s.visible(at), s.changed
		s.mu.Unlock()
		if len(got) >= n {
			return got, nil
		}
		select {
		case <-ctx.Done():
			return got, errLate
		case <-changed:
		}
	}
}

// Thread returns a thread of a channel that the bot has not heard of.
func (s *Server) Thread(of Channel) Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.nextID()
	s.threads[id] = of.ID
	return Channel{ID: id, Guild: of.Guild, Parent: of.ID}
}

// NewPost opens a post in a forum channel and returns the post's channel.
func (s *Server) NewPost(ctx context.Context, u User, forum, title, text string) (Channel, error) {
	s.mu.Lock()
	id := s.nextID()
	s.threads[id] = forum
	s.mu.Unlock()
	at := Channel{ID: id, Guild: Guild, Parent: forum}
	thread := map[string]any{"id": id, "type": 11, "guild_id": Guild, "parent_id": forum, "name": title, "owner_id": u.ID, "newly_created": true}
	if err := s.Dispatch(ctx, "THREAD_CREATE", Guild, thread); err != nil {
		return at, err
	}
	_, err := s.Post(ctx, u, at, text, map[string]any{"id": id})
	return at, err
}
