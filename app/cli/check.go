package cli

import (
	"context"
	"strings"
)

// CheckOptions are those of `keyfob check`.
type CheckOptions struct {
	Subject string // a tool's ID, or an issuer's address
	JSON    bool
}

// IsIssuer reports whether an issuer's address is to be checked and not a tool,
// whose ID has no colon.
func (o CheckOptions) IsIssuer() bool { return strings.Contains(o.Subject, "://") }

func checkCommand() *Command {
	var o CheckOptions
	return &Command{
		Name: "check", Options: &o, NeedsSettings: func() bool { return !o.IsIssuer() },
		Short: "say how well a provider fits",
		Args:  []Arg{{Name: "TOOL|ISSUER", What: "the name of a tool or the address of an issuer", To: &o.Subject}},
		Flags: []Flag{{Name: "json", To: &o.JSON, Help: "print the rows and the verdict for a program"}},
		Long: `Holds the provider against the requirements of tools such as ThingPark
Enterprise, row by row, and ends with a verdict: compatible; degraded, when
something recommended is missing; incompatible, when something required is.
What only a sign-in can show is taken from the tool's session.
Exit codes: 0 compatible or degraded, 1 incompatible, 4 cannot be reached.`,
		Examples: []Example{{
			"keyfob check plant4",
			"checks the provider against what tools such as ThingPark Enterprise require; also takes an issuer URL",
		}},
		Run: func(ctx context.Context, p Program, e Env) error { return p.Check(ctx, o, e) },
	}
}
