package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
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

// keepCommands makes Discord's list of commands follow the articles, again after a while when not all could be done: when
// Discord cannot be reached, or allows no more new commands today. It returns when ctx ends.
func (a *Adapter) keepCommands(ctx context.Context) {
	wait := time.Minute
	for ok := a.syncCommands(ctx); ; ok = a.syncCommands(ctx) {
		if ok {
			wait = time.Minute
			select {
			case <-a.unfinished:
			case <-ctx.Done():
				return
			}
		}
		if !pause(ctx, wait) {
			return
		}
		wait = min(2*wait, time.Hour)
	}
}

// syncCommands makes Discord's list of commands follow the articles, and says whether it does now. Commands that did not
// change are not sent.
func (a *Adapter) syncCommands(ctx context.Context) bool {
	a.sync.Lock()
	defer a.sync.Unlock()
	app, _ := a.ids()
	if app == "" {
		return true // Run registers them once it is connected
	}
	left, err := a.register(ctx, app)
	if err != nil && ctx.Err() == nil {
		a.Log.Error("register commands", "error", err)
	}
	return err == nil && left == 0
}

// register sends what differs. It returns how many commands must wait for another day.
func (a *Adapter) register(ctx context.Context, app string) (left int, err error) {
	have, err := a.session.ApplicationCommands(app, a.Guild, discordgo.WithContext(ctx))
	if err != nil {
		return 0, fmt.Errorf("list commands: %w", redacted(err))
	}
	topics := a.Catalog.Topics()
	want := commandsFor(topics, a.Guild)
	if more := len(topics) - (len(want) - len(fixedCommands())); more > 0 {
		a.Log.Info("topics without a command of their own are reached with /topic", "topics", more)
	}
	d := diff(have, want)
	if d.none() {
		a.Log.Info("commands are up to date", "commands", len(have))
		return 0, nil
	}
	count := a.createdToday(ctx, app)
	if left = max(0, count+len(d.create)-maxCreates); left > 0 {
		a.Log.Error("discord allows no more new commands today; the rest stay reachable with /topic", "left out", left, "limit", maxCreates)
		d.create = d.create[:max(0, len(d.create)-left)]
	} else if count+len(d.create) >= warnCreates {
		a.Log.Warn("many new commands today; discord allows 200 a day", "created", count+len(d.create), "limit", maxCreates)
	}
	made, err := a.apply(ctx, app, have, d)
	if code(err) == codeTooManyCreates { // somebody else created some
		a.Log.Error("discord allows no more new commands today; the rest stay reachable with /topic", "left out", len(d.create)-made+left)
		a.countCreated(ctx, app, maxCreates)
		return left + len(d.create) - made, nil
	}
	a.countCreated(ctx, app, count+made)
	if err != nil {
		return left, err
	}
	a.Log.Info("commands registered", "created", made, "changed", len(d.change), "removed", len(d.remove))
	return left, nil
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
	d.rename()
	return d
}

// rename turns a removal and a creation that differ in the name only into one change, which does not count against the
// creations of a day.
func (d *commandDiff) rename() {
	gone := map[string]*discordgo.ApplicationCommand{}
	for _, c := range d.remove {
		gone[unnamed(c)] = c
	}
	d.create = slices.DeleteFunc(d.create, func(c *discordgo.ApplicationCommand) bool {
		key := unnamed(c)
		old := gone[key]
		if old == nil {
			return false
		}
		delete(gone, key)
		c.ID = old.ID
		d.change = append(d.change, c)
		d.remove = slices.DeleteFunc(d.remove, func(r *discordgo.ApplicationCommand) bool { return r == old })
		return true
	})
}

// unnamed returns what counts of a command, but its name.
func unnamed(c *discordgo.ApplicationCommand) string {
	copied := *c
	copied.Name = ""
	return string(canonical(&copied))
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
		a.count("command_removed")
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
		a.count("command_created")
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

// createdToday returns how many commands were created today (UTC). The caller holds a.sync.
func (a *Adapter) createdToday(ctx context.Context, app string) int {
	kept := a.created
	if a.State != nil {
		v, _, err := a.State.State(ctx, stateKey(app))
		if err != nil {
			a.Log.Error("read state", "error", err)
		} else {
			kept = v
		}
	}
	day, n, _ := strings.Cut(kept, " ")
	count, err := strconv.Atoi(n)
	if err != nil || day != today() {
		return 0
	}
	return count
}

// countCreated keeps how many commands were created today. The caller holds a.sync.
func (a *Adapter) countCreated(ctx context.Context, app string, n int) {
	a.created = today() + " " + strconv.Itoa(n)
	if a.State == nil {
		return
	}
	if err := a.State.SetState(ctx, stateKey(app), a.created); err != nil {
		a.Log.Error("write state", "error", err)
	}
}

func today() string { return time.Now().UTC().Format(time.DateOnly) }
