package bot

import (
	"container/list"
	"slices"
	"sync"
	"time"

	"docent/knowledge"
)

// What a conversation and all of them together may hold.
const (
	maxConversations = 20_000
	maxRemembered    = 4   // questions of a conversation
	maxQuestionBytes = 500 // of a remembered question
)

// A speaker is a person in a place.
type speaker struct {
	place  Place
	person string
}

// A conversation is what a speaker and the bot said last. A stored one is not changed: put a new one in its place.
type conversation struct {
	questions []string         // oldest first; the last one is the one that result answers
	result    knowledge.Result // what was found for the last question
	shown     knowledge.Ref    // the section that was shown last
	offered   []Choice         // the choices under the last reply
	pressed   bool             // result is a section chosen with a button
	region    string           // the country that the person chose for help
	rated     []string         // what was rated already: section keys and versions
}

// add returns the questions with one more.
func (c conversation) add(question string) []string {
	if len(question) > maxQuestionBytes {
		return c.questions
	}
	qs := append(slices.Clone(c.questions), question)
	return qs[max(0, len(qs)-maxRemembered):]
}

// empty reports whether there is nothing to remember.
func (c conversation) empty() bool {
	return len(c.questions) == 0 && len(c.offered) == 0 && len(c.rated) == 0 && c.region == "" && c.shown == knowledge.Ref{}
}

// A memory holds conversations for some time, in memory only. The zero value is ready to use.
type memory struct {
	mu    sync.Mutex
	items map[speaker]*list.Element
	order list.List // of *remembered, the one that ends first in front
}

type remembered struct {
	who   speaker
	conv  conversation
	until time.Time
}

// get returns the conversation of who, if it has not expired.
func (m *memory) get(who speaker, now time.Time) conversation {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(now)
	if e, ok := m.items[who]; ok {
		return e.Value.(*remembered).conv
	}
	return conversation{}
}

// put keeps the conversation of who until the given time, and drops the oldest where there are too many.
func (m *memory) put(who speaker, c conversation, now, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(now)
	if e, ok := m.items[who]; ok {
		e.Value = &remembered{who, c, until}
		m.order.MoveToBack(e)
		return
	}
	if len(m.items) >= maxConversations {
		m.drop(m.order.Front())
	}
	if m.items == nil {
		m.items = map[speaker]*list.Element{}
	}
	m.items[who] = m.order.PushBack(&remembered{who, c, until})
}

// forget drops every conversation of a person on a platform.
func (m *memory) forget(platform, person string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for who, e := range m.items {
		if who.person == person && who.place.Platform == platform {
			m.drop(e)
		}
	}
}

func (m *memory) expire(now time.Time) {
	for e := m.order.Front(); e != nil && !now.Before(e.Value.(*remembered).until); e = m.order.Front() {
		m.drop(e)
	}
}

func (m *memory) drop(e *list.Element) {
	delete(m.items, e.Value.(*remembered).who)
	m.order.Remove(e)
}
