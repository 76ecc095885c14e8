package bot

import (
	"strings"
	"time"

	"docent/bot/safety"
	"docent/internal/markup"
)

// contacts returns the configured contacts, or those that ship with the program.
func (b *Bot) contacts() []safety.Contact {
	if len(b.Contacts) > 0 {
		return b.Contacts
	}
	list, err := safety.Contacts()
	if err != nil {
		b.log().Error("contacts not read", "err", err)
	}
	return list
}

// Problems says in words for operators which emergency contacts nobody confirmed, or not for too long.
func (b *Bot) Problems(now time.Time) []string { return safety.Problems(b.contacts(), now) }

// helpNow lists who helps in a region, the international contacts first, and lets people choose another one.
func (x *exchange) helpNow(region string) Reply {
	region = strings.ToUpper(region)
	list := x.contacts()
	r := Reply{Kind: Fixed, Private: true, Body: markup.Doc{heading(x.say.Safety.HelpNow)}}
	for _, c := range list {
		if c.Region == "" || strings.EqualFold(c.Region, region) {
			r.Body = append(r.Body, x.contactItem(c))
		}
	}
	r.Body = append(r.Body, para(x.say.Safety.Program))
	for _, country := range safety.Regions(list) {
		if country != region {
			r.Choices = append(r.Choices, Choice{Label: safety.RegionName(country), Value: press{act: actRegion, arg: country}.String(), Group: GroupNav})
		}
	}
	return r
}

// contactItem shows a contact and whether somebody confirmed it.
func (x *exchange) contactItem(c safety.Contact) markup.Block {
	kind := x.say.Safety.Talk
	if c.Purpose == safety.Emergency {
		kind = x.say.Safety.Emergency
	}
	where := safety.RegionName(c.Region)
	if where == "" {
		where = x.say.Safety.International
	}
	spans := []markup.Span{markup.Text(kind + " · " + where + ": "), {Text: c.Name, Style: markup.Bold}}
	if c.Number != "" {
		spans = append(spans, markup.Text(", "), markup.Span{Text: c.Number, Style: markup.Bold})
	}
	if c.URL != "" {
		spans = append(spans, markup.Text(", "), markup.Span{Text: c.URL, URL: c.URL})
	}
	return item(append(spans, markup.Text(" ("+x.confirmed(c)+")"))...)
}

// confirmed says who vouches for a contact: an entry past its date is not shown as checked.
func (x *exchange) confirmed(c safety.Contact) string {
	if c.Checked(x.now) {
		return fill(x.say.Safety.VerifiedOn, "date", x.say.Date(c.Verified.Time))
	}
	return x.say.Safety.Unverified
}
