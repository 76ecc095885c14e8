package bot

import "time"

// Config is how a Bot behaves. The zero value is the default.
type Config struct {
	Locale   string        // BCP 47 language of people who have none; empty: en
	Region   string        // ISO 3166 country whose emergency numbers are shown; empty: the international ones
	Memory   time.Duration // how long a conversation is remembered; zero: 10 minutes; negative: not at all
	LongText int           // runes of a section above which its start is shown first; zero: 700
	Grace    time.Duration // how long after review_by a section goes on answering; zero: 90 days; negative: no grace
	Keeps    Keeps
}

// Keeps says what the program stores, for /privacy. Zero durations mean that the thing is not stored.
type Keeps struct {
	Turns      time.Duration // counters of answered questions, without words or persons
	Ratings    time.Duration // Helpful and Not helpful, without persons
	Unanswered time.Duration // redacted questions that the articles do not cover
	Updates    time.Duration // ids of handled platform messages, against answering twice
	Settings   bool          // what the operators of a server or group chose
	Operator   string        // who runs this bot and how to reach them; empty: not said
}

const (
	defaultMemory   = 10 * time.Minute
	defaultLongText = 700
	defaultGrace    = 90 * 24 * time.Hour
)

func (c Config) memory() time.Duration {
	if c.Memory == 0 {
		return defaultMemory
	}
	return c.Memory
}

func (c Config) longText() int {
	if c.LongText <= 0 {
		return defaultLongText
	}
	return c.LongText
}

func (c Config) grace() time.Duration {
	switch {
	case c.Grace == 0:
		return defaultGrace
	case c.Grace < 0:
		return 0
	}
	return c.Grace
}
