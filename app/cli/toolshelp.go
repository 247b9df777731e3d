package cli

// toolsHelp is the help on `keyfob tools`.
const toolsHelp = `Usage: keyfob tools [list] [--json]
       keyfob tools show TOOL
       keyfob tools add TOOL --client-id ID [--provider NAME] [--KEY VALUE]...
       keyfob tools remove TOOL [--logout]
       keyfob tools import FILE [--dry-run] [--with-secret]
       keyfob tools secret TOOL [--remove]

list    says which tools there are, with file and line, and which are an
        administrator's: those nobody else can change or remove. --json prints
        that for a program.
show    prints one tool as it takes effect.
add     writes a tool into the settings. Each key of the settings is a flag with
        dashes: --name, --home, --provider, --tenant, --host, --realm, --issuer,
        --client-id, --client-auth, --grant, --scopes openid,offline_access,
        --ports 53682,53683, --param NAME=VALUE, and so on.
remove  takes a tool out of the settings, prints the lines that it took, and
        says what the keychain still holds. --logout signs out and deletes the
        client secret first.
import  reads ThingWorx's sso-settings.json, or the same block in
        platform-settings.json, and says what it took, what it left and why.
        Nothing is overwritten. FILE may be a pipe. --dry-run changes nothing.
        --with-secret puts the client secrets of the file into the keychain.
secret  stores the client secret of a tool in the keychain. It is typed unseen,
        or read from standard input; never give it as an argument.
        --remove deletes it.
`
