package status

import "testing"

func TestBarsFillTheChart(t *testing.T) {
	c := minuteChart([]int64{0, 1, 1000})
	bars := c.Bars
	if bars[0].Height != 0 || bars[2].Height != chartBottom-chartTop || bars[2].Y != chartTop {
		t.Errorf("%+v %+v %+v", bars[0], bars[1], bars[2])
	}
	if bars[1].Height != 2 {
		t.Errorf("a single change can't be seen: %g high", bars[1].Height)
	}
	if bars[0].Title != "2 min ago: 0" || bars[2].Title != "0 min ago: 1000" {
		t.Errorf("%s, %s", bars[0].Title, bars[2].Title)
	}
	if last := bars[2]; bars[0].X < chartLeft || last.X+last.Width > chartWidth {
		t.Errorf("the bars go from %g to %g", bars[0].X, last.X+last.Width)
	}
}

func TestAxesHaveNumbers(t *testing.T) {
	minutes := minuteChart(make([]int64, 60))
	if got := texts(minutes.Marks); got != "-15 -30 -45 now " {
		t.Error(got)
	}
	if got := texts(minutes.Ticks); got != "0 1 " {
		t.Error(got)
	}
	spread := propagationChart([]*bucketJSON{{0.5, 0}, {20, 12345}, {5000, 1}, {0, 2}})
	if got := texts(spread.Marks); got != "0.5 20 5 s + " {
		t.Error(got)
	}
	if got := texts(spread.Ticks); got != "0 12k " {
		t.Error(got)
	}
	if spread.Bars[0].Count != "" || spread.Bars[1].Count != "12k" || spread.Bars[3].Count != "2" {
		t.Errorf("%q %q %q", spread.Bars[0].Count, spread.Bars[1].Count, spread.Bars[3].Count)
	}
}

func texts(ticks []*tick) string {
	all := ""
	for _, t := range ticks {
		all += t.Text + " "
	}
	return all
}

func TestCountsInFewLetters(t *testing.T) {
	for count, want := range map[int64]string{0: "0", 9999: "9999", 10000: "10k", 9999999: "9999k", 10000000: "10M"} {
		if got := shortCount(count); got != want {
			t.Errorf("%d is %s", count, got)
		}
	}
}
