// Package terminal is a chat with the bot in a terminal: a line becomes a Question, a Reply becomes text. It knows
// nothing of other platforms. On a terminal it edits lines, keeps a history and completes topics with Tab; on a pipe it
// reads plain lines.
package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"docent/bot"
)

// Platform is the name of this platform in a bot.Place.
const Platform = "terminal"

// DefaultWidth is the number of columns when the terminal does not say.
const DefaultWidth = 80

// A Chat is one conversation. Set its fields before Run.
type Chat struct {
	Handler bot.Handler
	Catalog bot.Catalog
	In      io.Reader
	Out     io.Writer
	Style   Style
	Locale  string
	Region  string
	Place   bot.Place        // zero: a terminal's own
	Now     func() time.Time // nil: time.Now
	Log     *slog.Logger     // nil: discard

	choices []bot.Choice // the numbered choices of the last reply
	resize  func()       // takes over the present width of the terminal; nil: there is none
}

// Run reads lines and prints replies until the input ends, the person leaves or ctx ends. It returns nil in these cases.
func (c *Chat) Run(ctx context.Context) error {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	lines, restore, err := c.open()
	if err != nil {
		return fmt.Errorf("open terminal: %w", err)
	}
	defer restore()
	if err := c.answer(ctx, bot.Question{Choice: bot.ChoiceStart}); err != nil {
		return err
	}
	for {
		line, err := next(ctx, lines)
		if errors.Is(err, io.EOF) || ctx.Err() != nil {
			fmt.Fprintln(c.Out)
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a line: %w", err)
		}
		q, act := c.Receive(line)
		switch act {
		case Leave:
			return nil
		case Ignore:
			continue
		}
		if err := c.answer(ctx, q); err != nil {
			return err
		}
	}
}

// answer asks the handler and prints the reply. A broken handler costs one answer, not the conversation.
func (c *Chat) answer(ctx context.Context, q bot.Question) error {
	q.Place, q.Person, q.Locale, q.Region = c.place(), "local", c.Locale, c.Region
	q.At = c.now()
	r, err := c.Handler.Answer(ctx, q)
	if ctx.Err() != nil {
		return nil
	}
	if c.resize != nil {
		c.resize()
	}
	text := "Something is broken here, so this question got no answer. Please try again.\n"
	if err != nil {
		c.Log.Error("answer", "error", err)
	} else {
		text = Render(r, c.Style)
		c.choices = Pressable(r.Choices)
	}
	if _, err := io.WriteString(c.Out, "\n"+text+"\n"); err != nil {
		return fmt.Errorf("print the reply: %w", err)
	}
	return nil
}

func (c *Chat) place() bot.Place {
	if c.Place == (bot.Place{}) {
		return bot.Place{Platform: Platform, Channel: "local"}
	}
	return c.Place
}

func (c *Chat) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// A reader returns one line at a time and io.EOF at the end.
type reader func() (string, error)

// open returns where lines come from: a line editor when both ends are a terminal, else plain lines.
func (c *Chat) open() (reader, func(), error) {
	in, inOK := c.In.(*os.File)
	out, outOK := c.Out.(*os.File)
	if inOK && outOK && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd())) {
		return c.editor(in, out)
	}
	buffered := bufio.NewReader(c.In)
	return func() (string, error) {
		line, err := buffered.ReadString('\n')
		if err == io.EOF && line != "" {
			err = nil
		}
		return strings.TrimRight(line, "\r\n"), err
	}, func() {}, nil
}

func (c *Chat) editor(in, out *os.File) (reader, func(), error) {
	state, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil, nil, err
	}
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, out}, "> ")
	c.resize = func() {
		if w, h, err := term.GetSize(int(out.Fd())); err == nil && w > 0 {
			t.SetSize(w, h)
			c.Style.Width = w
		}
	}
	c.resize()
	t.AutoCompleteCallback = (&completer{catalog: c.Catalog}).complete
	c.Out = t // it turns "\n" into "\r\n" and keeps the line that is being typed
	return t.ReadLine, func() { term.Restore(int(in.Fd()), state) }, nil
}

// next reads a line, or gives up when ctx ends. The read itself cannot be stopped: its goroutine ends with the process.
func next(ctx context.Context, read reader) (string, error) {
	type result struct {
		line string
		err  error
	}
	got := make(chan result, 1)
	go func() {
		line, err := read()
		got <- result{line, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case r := <-got:
		return r.line, r.err
	}
}
