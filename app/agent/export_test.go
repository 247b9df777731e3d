package agent

// CheckPeer is for the tests that become another user.
var CheckPeer = checkPeer
