// Package engine is the heart of Keyfob: it turns facts about each tool's
// sign-in into a state, renews what can be renewed, and runs one operation of
// a kind at a time.
//
// # Who does what
//
// A type says in which goroutine a function runs. [Manager] is what callers
// have; it holds no fact. The loop is the one goroutine that owns all facts:
// callers send it functions to run, and its methods never block. A worker does
// the I/O beside it, with copies of the facts, and sends back what it brought.
// A result that a newer sign-in has overtaken is dropped from memory, but
// tokens that reached the keychain stay there. [Derive] is the only judge of
// state, and its table test is the specification of every user interface.
//
//	manager, config           what callers have, and what they put in
//	loop, timer, watch        the goroutine that owns the facts; when it wakes, and who is told
//	facts, toolsession        what is known of one tool's session, and what is under way for it
//	derive, scopes            facts to state
//	operation, worker         one piece of work beside the loop
//	token                     what a caller gets who wants a token
//	ondemand, idle, memory    an engine that nobody sees; when it may end, and what would be lost
//	load, storelater, forget  reading from, storing in and deleting from the keychain
//	keychainwatch             noticing that the keychain is back
//	refresh…, backoff         one refresh, the note about it, how many at a time, the pauses after one that failed
//	tokentimes                the times of tokens when the clock is set
//	signin…, service          signing in: who waits, the flow, whose account, a locked keychain
//	signout…                  signing out here, at the provider and in the browser
//	otherclient, tools        sessions when the settings change
//
// The package must never draw anything, never open a browser unless a person
// asked to sign in or out, never hold a mutex across I/O, and never let a secret into
// a [session.Snapshot].
//
// # States
//
//	signed_out   no tokens                                   → signing_in
//	signing_in   a person is in the browser                  → active, or back
//	active       access works or renews                      → expiring, expired, signed_out
//	expiring     access ends soon, and nothing extends it    → active (signed in again), expired
//	expired      access has ended for good                   → active (signed in again)
//	unavailable  the keychain did not answer (yet)           → any
//
// A passing fault of the network or the provider changes no state: the
// snapshot carries the problem and the time of the next try.
//
// # What a refresh that fails does
//
//	no network, name, route or answer       no change     tried again after 0.5 s to 5 min, full jitter
//	5xx, 407, 408, 425, redirect, a page    no change     the same
//	429 or 503 with Retry-After             no change     not before that, 15 min at most
//	the keychain does not answer            no change     as without a network
//	this computer's clock is wrong          no change     the same, from a minute on
//	invalid_grant and its like              ends          unless the keychain holds a newer set; stored
//	invalid_client, errors unknown, rules   manual        asked once, until new settings, a sign-in or a restart; stored
//
// "No change" means active or expiring, also past the access token's end, and
// the access token is handed out while it lives. "Manual" means that the state
// is judged as if there were no refresh token: expiring, then expired. What is
// stored is why: processes that start later say so, before they have tried
// themselves.
//
// An answer that breaks a rule, such as with an ID token of somebody else, leaves
// nothing behind but its refresh token. Callers get the old access token while it
// lives. The next answer is compared with the set that was verified last, and its
// ID token has to prove whose it is.
//
// # Sleep and clocks
//
// [Manager.Wake], or a tick that comes late by the wall clock, means that the
// machine has woken: every session is judged as of one moment and told in one
// go, those that could not reach their provider try again at once, and for
// three minutes their pauses stay short. Sessions that fall due together are
// spread, five each second, and no more than a few are renewed at a time, so that
// a provider that does not answer holds up nobody else's; somebody who asks for a
// token is not kept waiting.
//
//	wall clock set ahead   as after a sleep: what seems over is renewed
//	and back again         what was not renewed goes on as before
//	wall clock set back    the token's times move with it, so that it lives
//	                       no longer than the provider said
//	a token of the future  its age is unknown: it counts as over, unless the
//	                       clock comes right
//
// How long ago a token came is known by the clock that nobody can set, which
// stands still while the machine sleeps. So a clock that is set back by less
// than the machine has slept goes unnoticed, and the token seems to live longer
// by as much. A provider's own clock counts for nothing but its ID tokens: a
// token lives as many seconds as it said.
//
// # The keychain
//
// What happens by itself (reading at the start, renewing, trying again) looks
// first how the keychain stands, and never makes it ask for its password. A
// sign-in may, since a person is there, and so may a caller who says that one is
// ([session.TokenOptions], [session.SignOutOptions]), through [Config.MayAsk].
// Within three seconds callers are told what the keychain waits for, and it goes
// on asking whether they wait or not. A caller without a person gets the locked
// keychain as the error, at once.
//
//	fault                what is told             tried again
//	locked               keychain_locked          when it is unlocked; a person who wants something is asked
//	asks before it gives keychain_approve         a person who wants something is asked, once for all tools
//	asking               keychain_waiting         goes on by itself when its password is given
//	asking to allow it   keychain_asking          goes on by itself when it is answered
//	asked in vain        keychain_refused         as with a locked one
//	slow                 keychain_slow            goes on by itself
//	silent               keychain_timeout         when it answers, or ends
//	away, or no bus      keychain_absent          when it is there; a sign-in stays in memory meanwhile
//	broken in some way   keychain_failed          when it changes, and with growing pauses, five minutes at most
//	of a newer Keyfob    keychain_newer           never; nothing is changed
//	damaged              keychain_damaged         never; a sign-in replaces it
//
// Tokens that the keychain could not take stay in memory and are stored when it
// is back, unless it holds newer ones by then. A deletion that it put off is made
// then, too; until then what it holds counts as nothing. [Manager.InMemory] says
// what of that would be lost with the process.
//
// # On demand
//
// An engine that nobody sees ([Config.OnDemand]) does nothing by itself, and has
// no timer unless somebody watches. A session is read when somebody wants it,
// and renewed when somebody wants a token. What a locked keychain did not take is
// stored when it is unlocked all the same, since it would be lost otherwise.
// Pauses after failures are short, as nothing tells that the network is back.
// [Manager.SetOnDemand] changes all that at once.
//
// # One refresh at a time
//
// Several processes of one user can hold a copy of one session: engines with
// different folders for their sockets, and an engine that was killed while its
// keychain helper still wrote. Whoever refreshes takes the
// session's lock ([Config.Lock]) and then reads the keychain again. If it holds
// another set by then, that one counts and nothing is sent, also where it says
// that the provider refused. So fifty processes at the moment of expiry make
// one request.
//
// A keychain that cannot be read keeps no refresh from being sent: the set is
// kept in memory until the keychain is back.
//
// # Crash points of a refresh
//
// In their order, with what the keychain holds when the process is killed
// there, and what the next process does. "Old" and "new" are whole sets; "old,
// renewed" is the old one with the refresh token of the answer, and nothing
// else of it.
//
//	lock taken         old              the system frees the lock; a refresh as if nothing had been
//	keychain read      old              the same
//	note written       old              the same, and the note is there
//	request sent       old              the same, where the provider did not act on it
//	provider answered  old, spent       the old token is tried once, see below
//	answer received    old, spent       the same
//	renewed: slot      old, spent       the same; the next save writes over it
//	renewed: manifest  old, renewed     a refresh with the new refresh token; nobody notices
//	note removed       old, renewed     the same
//	keys asked for     old, renewed     the same
//	answer verified    old, renewed     the same
//	new set: slot      old, renewed     the same
//	new set: manifest  new              the token is handed out
//	lock released      new              the same
//
// An answer without an ID token, or whose refresh token is the old one, has
// nothing to be kept ahead of the check, and is stored at once.
//
// Between the provider's answer and the first manifest lies the one stretch in
// which a session can be lost: the provider has spent the old refresh token,
// and nobody has the new one. The old one is all there is, so the next process
// tries it once. A provider with a grace period takes it, and nobody notices.
// Any other answers invalid_grant; that is stored, the session has ended, and
// every later process says so without asking anybody. A process that is asked to
// end, rather than killed, waits some seconds for an answer that is under way. On
// demand, an answer that the network lost is asked for once more at once, since
// nobody may do so within the grace period.
//
// The note ([Config.RefreshNotes]) is not needed to decide any of that: with or
// without it there is but one token to try. It is there to tell the person why
// the session ended, since a refresh token that was refused out of the blue is
// a reason to worry and one whose answer was cut off is not. So it is a file
// beside the lock and no item in the keychain, where it would double the
// writes of each refresh.
//
// The helper that writes into the keychain outlives the process that started it
// until it has finished what it began. With each set to write it is given the
// lock's open file, and holds it until the set is written, so that nobody reads
// the old set and sends a spent token meanwhile. On Windows, where a lock ends
// with its process, a process killed in those milliseconds can cost one more
// sign-in.
package engine
