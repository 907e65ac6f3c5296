package status

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
)

// largest is how many bytes a picture for the documents may have.
const largest = 150_000

// pictures are what the documents show: the beginning of the page, as it is seen in a window.
// They are written where PICTURES names a folder, and are never compared, since fonts differ.
func pictures(t *testing.T, s *stage, browser context.Context) {
	for name, l := range map[string]look{"status": desktop, "status-phone": phone} {
		tab := open(t, browser, l, true, s.url)
		var shot []byte
		tab.do(chromedp.CaptureScreenshot(&shot))
		small := withFewColours(t, shot)
		if len(small) > largest {
			t.Errorf("%s has %d bytes", name, len(small))
		}
		size, err := png.DecodeConfig(bytes.NewReader(small))
		if err != nil || int64(size.Width) != l.width || int64(size.Height) != l.height {
			t.Errorf("%s: %v, %d by %d", name, err, size.Width, size.Height)
		}
		folder := os.Getenv("PICTURES")
		if folder == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, name+".png"), small, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// withFewColours is a picture with the 256 colours that most of it has, which makes it small.
func withFewColours(t *testing.T, picture []byte) []byte {
	t.Helper()
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	area := full.Bounds()
	counts := map[color.Color]int{}
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			counts[full.At(x, y)]++
		}
	}
	var palette color.Palette
	for c := range counts {
		palette = append(palette, c)
	}
	slices.SortFunc(palette, func(a, b color.Color) int { return counts[b] - counts[a] })
	few := image.NewPaletted(area, palette[:min(len(palette), 256)])
	draw.Draw(few, area, full, area.Min, draw.Src)
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&small, few); err != nil {
		t.Fatal(err)
	}
	return small.Bytes()
}
