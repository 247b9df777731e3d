package cli

import (
	"io"
	"slices"
	"strings"

	"keyfob/auth"
)

// What `keyfob help` says, made of the table.

const (
	intro = `Keyfob signs you in to your tools through the system browser and hands out
bearer tokens.
`
	aboutSettings = `--config FILE names the settings, else KEYFOB_CONFIG, else keyfob.toml in your
configuration folder. An administrator's tools are there beside them.

The tray is the engine that keeps your sessions. Where none runs, a command
starts one in the background. ` + "`keyfob quit`" + ` ends either.
`
)

const (
	paragraphWidth = 79
	usageWidth     = 100
	// flagWidth is how long a flag may be before it moves its own help instead of
	// everybody's.
	flagWidth = len("--no-browser")
	gap       = "   "
)

// printHelp writes the help on a command, or the overview.
func printHelp(w io.Writer, topic string) error {
	text := ""
	if all := Commands(); topic == "" {
		text = overview(all)
	} else if c := find(all, topic); c != nil {
		text = c.help()
	}
	if text == "" {
		return usageError("there is no help on " + auth.Quote(topic))
	}
	_, err := io.WriteString(w, text)
	return err
}

// overview is a line for each command, and what bears on all of them.
func overview(all []*Command) string {
	var lines [][2]string
	width := 0
	for _, c := range all {
		if c.Hidden {
			continue
		}
		line := "keyfob"
		if !c.Default {
			line += " " + c.Name
		}
		for _, a := range c.Args {
			line += " " + a.word()
		}
		lines = append(lines, [2]string{line, c.Short})
		width = max(width, len(line))
	}
	var b strings.Builder
	b.WriteString(intro + "\nUsage:\n")
	for _, l := range lines {
		b.WriteString("  " + pad(l[0], width) + gap + l[1] + "\n")
	}
	b.WriteString("\n" + aboutSettings + "\n" + wrap(strings.Fields(ExitCodes(", ")), paragraphWidth, "") + "\n")
	return b.String()
}

// help is all that there is to say of a command that somebody can name, or empty.
func (c *Command) help() string {
	if c.Commands != nil {
		return c.groupHelp()
	}
	text := c.Long
	switch {
	case c.Hidden || c.Default:
		return ""
	case text == "": // its example says all
		text = c.Examples[0].Does
		text = strings.ToUpper(text[:1]) + text[1:] + "."
	}
	return "Usage: " + c.usageLine("keyfob") + "\n\n" + text + "\n" + flagLines(c.Flags)
}

// groupHelp is all that there is to say of a group: of the whole, with the flags
// of its commands, or else of one command after the other.
func (c *Command) groupHelp() string {
	var usages []string
	var listed []Flag
	width := 0
	all := c.Commands()
	for _, one := range all {
		line := one.usageLine("keyfob " + c.Name)
		if one.Default { // comes first
			usages = slices.Insert(usages, 0, line)
		} else {
			usages = append(usages, line)
		}
		listed = append(listed, one.Flags...)
		width = max(width, len(one.Name)+len("  "))
	}
	text := "Usage: " + strings.Join(usages, "\n       ") + "\n\n"
	if c.Long != "" {
		return text + c.Long + "\n" + flagLines(listed)
	}
	for _, one := range all {
		text += pad(one.Name, width) + indent(one.Long, width) + "\n"
	}
	return text
}

// usageLine is the command line of a command, behind what comes before its name.
func (c *Command) usageLine(before string) string {
	name := c.Name
	if c.Default {
		name = "[" + name + "]"
	}
	words := []string{before + " " + name}
	if c.Synopsis != "" {
		return words[0] + " " + c.Synopsis
	}
	instead := ""
	for _, a := range c.Args {
		if instead = a.Or; instead != "" {
			words = append(words, a.word()+"|--"+instead)
			continue
		}
		words = append(words, a.word())
	}
	group := ""
	for _, f := range c.Flags {
		switch last := len(words) - 1; {
		case f.Name == instead:
		case f.Group != "" && f.Group == group:
			words[last] = strings.TrimSuffix(words[last], "]") + "|" + f.usage() + "]"
		default:
			words = append(words, "["+f.usage()+"]")
		}
		group = f.Group
	}
	return wrap(words, usageWidth-len("Usage: "), "             ")
}

func (a Arg) word() string {
	if a.Optional {
		return "[" + a.Name + "]"
	}
	return a.Name
}

func (f Flag) usage() string {
	if f.Value == "" {
		return "--" + f.Name
	}
	return "--" + f.Name + " " + f.Value
}

// flagLines says what each flag does.
func flagLines(all []Flag) string {
	width := 0
	for _, f := range all {
		if n := len("--" + f.Name); n <= flagWidth {
			width = max(width, n)
		}
	}
	var b strings.Builder
	for _, f := range all {
		if f.Help != "" {
			b.WriteString("  " + pad("--"+f.Name, width) + gap + indent(f.Help, 2+width+len(gap)) + "\n")
		}
	}
	return b.String()
}

func pad(s string, width int) string { return s + strings.Repeat(" ", max(0, width-len(s))) }

// indent moves all lines but the first to the right.
func indent(s string, by int) string {
	return strings.ReplaceAll(s, "\n", "\n"+strings.Repeat(" ", by))
}

// wrap puts words into lines of a width, which begin with indent but for the
// first.
func wrap(words []string, width int, indent string) string {
	text, column := "", 0
	for i, w := range words {
		switch {
		case i == 0:
			column = len(w)
		case column+1+len(w) > width:
			text += "\n" + indent
			column = len(indent) + len(w)
		default:
			text += " "
			column += 1 + len(w)
		}
		text += w
	}
	return text
}
