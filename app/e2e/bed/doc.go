// Package bed is a desktop for tests, made of real programs and real protocols,
// in a folder that is removed at the end. It can bring up:
//
//   - a screen: Xvfb, with openbox if windows are to be managed; or sway, a
//     Wayland desktop;
//   - a D-Bus daemon, which is both the session bus and the system bus;
//   - a keychain: gnome-keyring unlocked, locked, frozen or killed; or KeePassXC;
//     with the keychain's own password dialog or one that the test answers;
//   - a tray: the bed's own StatusNotifier host, whose menu a test reads and
//     clicks; or the panel of Xfce or LXQt;
//   - a notification server: the bed's own, whose buttons a test presses; or
//     dunst, or that of Xfce;
//   - a browser: Chromium behind xdg-open, with a person who signs in, cancels or
//     walks away;
//   - the clipboard, and the clipboard managers Clipman, Parcellite and CopyQ.
//
// It owns those processes and their environment. It must never touch the
// desktop, keychain or settings of whoever runs the tests, and knows nothing
// of Keyfob beyond how a desktop meets any program.
package bed
