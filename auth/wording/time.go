package wording

import "time"

const (
	clock    = "15:04"
	date     = "2 Jan"
	dateLong = "2 January"
	year     = " 2006"
)

// Moment says when at is, in now's place and as short as it goes: "at 15:04"
// today, and else with the day, "on 2 Jan at 15:04".
func Moment(at, now time.Time) string {
	if at = at.In(now.Location()); at.Year() == now.Year() && at.YearDay() == now.YearDay() {
		return "at " + at.Format(clock)
	}
	return "on " + at.Format(dated(date, at, now)+" at "+clock)
}

// MomentInFull is [Moment] where there is room: "yesterday at 15:04", "on 2 January
// at 15:04".
func MomentInFull(at, now time.Time) string {
	at = at.In(now.Location())
	y, m, d := now.Date()
	midnight := time.Date(y, m, d, 0, 0, 0, 0, now.Location())
	for i, day := range []string{"yesterday", "today", "tomorrow"} {
		from := midnight.AddDate(0, 0, i-1)
		if !at.Before(from) && at.Before(from.AddDate(0, 0, 1)) {
			return day + " at " + at.Format(clock)
		}
	}
	return "on " + at.Format(dated(dateLong, at, now)+" at "+clock)
}

// Until says with the day until when something lasts: "until 2 Jan at 15:04".
func Until(at, now time.Time) string {
	at = at.In(now.Location())
	return "until " + at.Format(dated(date, at, now)+" at "+clock)
}

// dated is a layout of the day, with the year unless it is this one.
func dated(layout string, at, now time.Time) string {
	if at.Year() != now.Year() {
		layout += year
	}
	return layout
}

// Distance says how far at is from now, and on which side: "in 47 min", "3 days
// ago".
func Distance(at, now time.Time) string {
	d := at.Sub(now.Round(0))
	if d < 0 {
		return Span(-d) + " ago"
	}
	return "in " + Span(d)
}

// Date is the day of t in UTC, as providers show it: "2 January 2006".
func Date(t time.Time) string { return t.UTC().Format(dateLong + year) }

// shortDate is [Date] with the month in three letters: "2 Jan 2006".
func shortDate(t time.Time) string { return t.UTC().Format(date + year) }
