package parse

import (
	"regexp"
	"strings"
	"sync"
)

// secretShape matches text that holds a token or a key by the looks of it, also
// inside of other text, such as an address.
var secretShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join([]string{
		`eyJ[A-Za-z0-9_-]{5,}\.`,               // a JWT: {" in base64
		`ZXlK[A-Za-z0-9+/_-]{20,}`,             // a JWT in base64
		`(?i)\bbearer +[A-Za-z0-9._~+/-]{16,}`, // RFC 6750
		`-----BEGIN [A-Z ]*PRIVATE KEY`,        // PEM
		`(?i)[?&#;](access_token|id_token|refresh_token|code|client_secret|assertion|SAMLResponse)=[^&]`, // in an address
		`\bya29\.[A-Za-z0-9_-]{10,}|\b1//0[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{30,}|\bGOCSPX-`,         // Google
		`\bgh[opsur]_[A-Za-z0-9]{20,}|\bgithub_pat_`,                                                     // GitHub
		`\bxox[a-z]-[A-Za-z0-9-]{10,}`,                                                                   // Slack
		`\b(AKIA|ASIA)[A-Z0-9]{16}\b`,                                                                    // AWS
		`\bsk[-_](live|test|proj)?[-_]?[A-Za-z0-9]{20,}`,                                                 // several
		`\bPHNhbWw[A-Za-z0-9+/]{20,}`,                                                                    // SAML in base64
	}, "|"))
})
