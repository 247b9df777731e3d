package wording

import (
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// Span says how long something lasts, to the minute and for long ones less
// exactly: "less than a minute", "47 min", "3 h 5 min", "2 days".
func Span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "less than a minute"
	case d < time.Hour:
		return minutes(d)
	case d < day && d%time.Hour < time.Minute:
		return hours(d)
	case d < day:
		return hours(d) + " " + minutes(d%time.Hour)
	case d < 60*day:
		return count(d, day, "day")
	case d < 730*day:
		return count(d, 30*day, "month")
	}
	return count(d, 365*day, "year")
}

// TimeLeft says how much time is left. It counts down, so that it stays with hours
// and minutes for two days, and with days after that.
func TimeLeft(d time.Duration) string {
	switch {
	case d >= 2*day:
		return count(d, day, "day") + " left"
	case d >= time.Hour:
		return hours(d) + " " + minutes(d%time.Hour) + " left"
	}
	return Span(d) + " left"
}

// Running says how long something has been going on, to the second: "5 s",
// "1 min 5 s".
func Running(d time.Duration) string {
	d = max(d, 0)
	seconds := strconv.Itoa(int(d%time.Minute/time.Second)) + " s"
	if d < time.Minute {
		return seconds
	}
	return minutes(d) + " " + seconds
}

// SpanInFull is a time span as it was set: "1 hour 30 minutes".
func SpanInFull(d time.Duration) string {
	var words []string
	for _, unit := range []struct {
		of   time.Duration
		word string
	}{{time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if d >= unit.of {
			words = append(words, count(d, unit.of, unit.word))
			d %= unit.of
		}
	}
	return strings.Join(words, " ")
}

// roundSpan is a time span in the largest unit that fits, rounded: "3 hours".
func roundSpan(d time.Duration) string {
	unit, of := "second", time.Second
	switch {
	case d >= 2*day:
		unit, of = "day", day
	case d >= 2*time.Hour:
		unit, of = "hour", time.Hour
	case d > time.Minute:
		unit, of = "minute", time.Minute
	}
	return count(d.Round(of), of, unit)
}

// ClockOff says how far this computer's clock is off, as a clause.
func ClockOff(ahead time.Duration) string {
	where := "behind"
	if ahead > 0 {
		where = "ahead"
	}
	return "this computer's clock is " + roundSpan(ahead.Abs()) + " " + where
}

func hours(d time.Duration) string   { return strconv.Itoa(int(d/time.Hour)) + " h" }
func minutes(d time.Duration) string { return strconv.Itoa(int(d/time.Minute)) + " min" }

// count is how many whole units d holds.
func count(d, of time.Duration, unit string) string {
	if n := int(d / of); n != 1 {
		return strconv.Itoa(n) + " " + unit + "s"
	}
	return "1 " + unit
}
