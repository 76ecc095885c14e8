package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"
)

// Discord allows 200 new commands a day. From warnCreates on the log warns; at maxCreates the adapter stops.
const (
	maxCreates  = 200
	warnCreates = 150
)

// syncCommands makes Discord's list of commands follow the articles. Commands that did not change are not sent.
func (a *Adapter) syncCommands(ctx context.Context) {
	a.sync.Lock()
	defer a.sync.Unlock()
	app, _ := a.ids()
	if app == "" {
		return // Run registers them once it is connected
	}
	if err := a.register(ctx, app); err != nil && ctx.Err() == nil {
		a.Log.Error("register commands", "error", err)
	}
}

func (a *Adapter) register(ctx context.Context, app string) error {
	have, err := a.session.ApplicationCommands(app, a.Guild, discordgo.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("list commands: %w", redacted(err))
	}
	d := diff(have, commandsFor(a.Catalog.Topics(), a.Guild))
	if d.none() {
		a.Log.Info("commands are up to date", "commands", len(have))
		return nil
	}
	count := a.createdToday(ctx, app)
	if over := count + len(d.create) - maxCreates; over > 0 {
		a.Log.Error("discord allows no more new commands today; the rest stay reachable with /topic", "left out", over, "limit", maxCreates)
		d.create = d.create[:max(0, len(d.create)-over)]
	} else if count+len(d.create) >= warnCreates {
		a.Log.Warn("many new commands today; discord allows 200 a day", "created", count+len(d.create), "limit", maxCreates)
	}
	made, err := a.apply(ctx, app, have, d)
	a.countCreated(ctx, app, count+made)
	if err != nil {
		return err
	}
	a.Log.Info("commands registered", "created", made, "changed", len(d.change), "removed", len(d.remove))
	return nil
}

// A commandDiff is what must happen to Discord's list.
type commandDiff struct {
	create []*discordgo.ApplicationCommand
	change []*discordgo.ApplicationCommand // with the ids that they have
	remove []*discordgo.ApplicationCommand
}

func (d commandDiff) none() bool { return len(d.create)+len(d.change)+len(d.remove) == 0 }

// diff compares the commands that Discord has with those that it should have.
func diff(have, want []*discordgo.ApplicationCommand) commandDiff {
	var d commandDiff
	old := map[string]*discordgo.ApplicationCommand{}
	for _, c := range have {
		old[keyOf(c)] = c
	}
	for _, c := range want {
		h := old[keyOf(c)]
		delete(old, keyOf(c))
		switch {
		case h == nil:
			d.create = append(d.create, c)
		case !bytes.Equal(canonical(h), canonical(c)):
			c.ID = h.ID
			d.change = append(d.change, c)
		}
	}
	for _, c := range have {
		if old[keyOf(c)] != nil {
			d.remove = append(d.remove, c)
		}
	}
	return d
}

func keyOf(c *discordgo.ApplicationCommand) string {
	return strconv.Itoa(max(int(c.Type), 1)) + c.Name
}

// canonical returns what counts of a command, in one form: without ids and without what is empty.
func canonical(c *discordgo.ApplicationCommand) []byte {
	raw, err := json.Marshal(c)
	var v map[string]any
	if err != nil || json.Unmarshal(raw, &v) != nil {
		return nil
	}
	for _, k := range []string{"id", "application_id", "guild_id", "version", "default_permission", "dm_permission", "nsfw"} {
		delete(v, k)
	}
	out, _ := json.Marshal(compact(v))
	return out
}

// compact drops what is empty, false or zero.
func compact(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for k, e := range x {
			if e = compact(e); e == nil {
				delete(x, k)
			} else {
				x[k] = e
			}
		}
		if len(x) == 0 {
			return nil
		}
		return x
	case []any:
		if len(x) == 0 {
			return nil
		}
		for i, e := range x {
			if c := compact(e); c != nil {
				x[i] = c
			}
		}
		return x
	case bool:
		if !x {
			return nil
		}
	case float64:
		if x == 0 {
			return nil
		}
	case string:
		if x == "" {
			return nil
		}
	}
	return v
}

// apply sends the difference. An empty list is filled at once; later changes are sent one by one. It returns how many
// commands were created.
func (a *Adapter) apply(ctx context.Context, app string, have []*discordgo.ApplicationCommand, d commandDiff) (made int, err error) {
	o := discordgo.WithContext(ctx)
	base := discordgo.EndpointApplicationGlobalCommands(app)
	if a.Guild != "" {
		base = discordgo.EndpointApplicationGuildCommands(app, a.Guild)
	}
	send := func(method, address string, body any) error {
		_, err := a.session.RequestWithBucketID(method, address, body, "commands", o)
		return redacted(err)
	}
	if len(have) == 0 {
		if err := send("PUT", base, asSent(d.create...)); err != nil {
			return 0, fmt.Errorf("create commands: %w", err)
		}
		return len(d.create), nil
	}
	for _, c := range d.remove { // first, so that there is room
		if err := a.session.ApplicationCommandDelete(app, a.Guild, c.ID, o); err != nil && status(err) != 404 {
			return made, fmt.Errorf("remove command %s: %w", c.Name, redacted(err))
		}
	}
	for _, c := range d.change {
		if err := send("PATCH", base+"/"+c.ID, asSent(c)[0]); err != nil {
			return made, fmt.Errorf("change command %s: %w", c.Name, err)
		}
	}
	for _, c := range d.create {
		if err := send("POST", base, asSent(c)[0]); err != nil {
			return made, fmt.Errorf("create command %s: %w", c.Name, err)
		}
		made++
	}
	return made, nil
}

// A sentCommand is a command as Discord's OpenAPI file wants it: without an id, and with permissions as a number, for
// which discordgo sends a text.
type sentCommand struct {
	discordgo.ApplicationCommand
	DefaultMemberPermissions *int64 `json:"default_member_permissions,omitempty"`
}

func asSent(list ...*discordgo.ApplicationCommand) []sentCommand {
	out := make([]sentCommand, len(list))
	for i, c := range list {
		out[i] = sentCommand{*c, c.DefaultMemberPermissions}
		out[i].ID = ""
	}
	return out
}

func stateKey(app string) string { return Platform + "/" + app + "/created" }

// createdToday returns how many commands were created today (UTC).
func (a *Adapter) createdToday(ctx context.Context, app string) int {
	if a.State == nil {
		return 0
	}
	v, _, err := a.State.State(ctx, stateKey(app))
	if err != nil {
		a.Log.Error("read state", "error", err)
		return 0
	}
	day, n, _ := strings.Cut(v, " ")
	count, err := strconv.Atoi(n)
	if err != nil || day != today() {
		return 0
	}
	return count
}

func (a *Adapter) countCreated(ctx context.Context, app string, n int) {
	if a.State == nil {
		return
	}
	if err := a.State.SetState(ctx, stateKey(app), today()+" "+strconv.Itoa(n)); err != nil {
		a.Log.Error("write state", "error", err)
	}
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }
