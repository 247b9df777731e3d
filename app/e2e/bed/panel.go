//go:build linux

package bed

import (
	"os"

	"keyfob/auth/authtest"
)

// panelConfig is a panel at the top of the screen with nothing but a tray.
const panelConfig = `<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array"><value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=6;x=0;y=0"/>
      <property name="length" type="uint" value="100"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array"><value type="int" value="1"/></property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"><property name="square-icons" type="bool" value="true"/></property>
  </property>
</channel>
`

// StartPanel starts Xfce's panel, which is a tray of its own and opens menus
// by the mouse.
func (b *Bed) StartPanel() {
	b.t.Helper()
	authtest.Need(b.t, "xfce4-panel")
	b.write(b.path("home/.config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"), panelConfig, 0o600)
	b.activatable("org.xfce.Xfconf")
	b.Start("xfce4-panel")
	b.WaitName(watcherName)
}

// lxqtConfig is a panel at the top of the screen with nothing but a tray.
const lxqtConfig = `panels=panel1

[panel1]
plugins=statusnotifier
position=Top
desktop=0
panelSize=32
iconSize=22
background-color=#2b2f36

[statusnotifier]
type=statusnotifier
alignment=Left
`

// StartLXQtPanel starts LXQt's panel, which is drawn by Qt.
func (b *Bed) StartLXQtPanel() {
	b.t.Helper()
	authtest.Need(b.t, "lxqt-panel")
	b.write(b.path("home/.config/lxqt/panel.conf"), lxqtConfig, 0o600)
	b.Start("lxqt-panel")
	b.WaitName(watcherName)
}

// startDunst starts dunst, a notification server that draws on the screen.
func (b *Bed) startDunst() {
	b.t.Helper()
	authtest.Need(b.t, "dunst")
	b.Server = b.Start("dunst")
	b.WaitName(notesName)
}

// enableNotifyd lets the bus start Xfce's notification server, which draws
// buttons.
func (b *Bed) enableNotifyd() {
	b.t.Helper()
	b.activatable("org.xfce.Xfconf")
	b.activatable("org.xfce.xfce4-notifyd.Notifications")
}

func (b *Bed) copyFile(from, to string) {
	b.t.Helper()
	content, err := os.ReadFile(from)
	if err != nil {
		authtest.Missing(b.t, "%v", err)
	}
	b.write(to, string(content), 0o600)
}
