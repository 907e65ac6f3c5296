package status

import (
	"fmt"
	"strconv"
)

// A chart is bars over an axis, in a view of chartWidth by chartHeight.
type chart struct {
	Bars  []*bar
	Ticks []*tick // of the counts, from the bottom
	Marks []*tick // below the bars
}

// A bar stands for a count.
type bar struct {
	X, Y, Width, Height float64
	Title               string
	Count               string  // written above it; empty where there is no room
	Middle, Above       float64 // where it is written
}

// A tick is a text at an axis.
type tick struct {
	At   float64
	Text string
}

const (
	chartLeft   = 30.0  // the counts are left of it
	chartTop    = 16.0  // the highest bar
	chartBottom = 106.0 // the bars stand there
	chartWidth  = 340.0
	chartHeight = 124.0
)

// chartOf has bars of which the highest one reaches the top. A bar is high enough to be seen,
// unless it stands for nothing.
func chartOf(counts []int64, titles []string) *chart {
	most := int64(1)
	for _, count := range counts {
		if count > most {
			most = count
		}
	}
	c := &chart{Ticks: []*tick{&tick{At: chartBottom, Text: "0"}, &tick{At: chartTop, Text: shortCount(most)}}}
	step := (chartWidth - chartLeft) / float64(len(counts))
	for i, count := range counts {
		height := (chartBottom - chartTop) * float64(count) / float64(most)
		if count > 0 && height < 2 {
			height = 2
		}
		x := chartLeft + float64(i)*step
		b := &bar{X: x + step*0.1, Y: chartBottom - height, Width: step * 0.8, Height: height, Title: titles[i], Middle: x + step/2, Above: chartBottom - height - 3}
		c.Bars = append(c.Bars, b)
	}
	return c
}

// shortCount is a count in few letters.
func shortCount(count int64) string {
	switch {
	case count < 10000:
		return strconv.FormatInt(count, 10)
	case count < 10000000:
		return strconv.FormatInt(count/1000, 10) + "k"
	}
	return strconv.FormatInt(count/1000000, 10) + "M"
}

// minuteChart has the changes of the last hour.
func minuteChart(counts []int64) *chart {
	var titles []string
	for i, count := range counts {
		titles = append(titles, fmt.Sprintf("%d min ago: %d", len(counts)-1-i, count))
	}
	c := chartOf(counts, titles)
	last := len(counts) - 1
	for ago := 15; ago <= last; ago += 15 {
		c.Marks = append(c.Marks, &tick{At: c.Bars[last-ago].Middle, Text: fmt.Sprintf("-%d", ago)})
	}
	c.Marks = append(c.Marks, &tick{At: c.Bars[last].Middle - 8, Text: "now"})
	return c
}

// propagationChart has the changes by how long they took.
func propagationChart(buckets []*bucketJSON) *chart {
	var counts []int64
	var titles []string
	for _, b := range buckets {
		counts = append(counts, b.Changes)
		titles = append(titles, fmt.Sprintf("%s: %d", boundOf(b), b.Changes))
	}
	c := chartOf(counts, titles)
	for i, b := range buckets {
		if b.Changes > 0 {
			c.Bars[i].Count = shortCount(b.Changes)
		}
		c.Marks = append(c.Marks, &tick{At: c.Bars[i].Middle, Text: shortBound(b)})
	}
	return c
}

// boundOf is a bucket's upper bound in words.
func boundOf(b *bucketJSON) string {
	if b.Milliseconds == 0 {
		return "longer"
	}
	return "up to " + strconv.FormatFloat(b.Milliseconds, 'g', -1, 64) + " ms"
}

// shortBound is a bucket's upper bound in milliseconds, or in seconds from one on.
func shortBound(b *bucketJSON) string {
	switch {
	case b.Milliseconds == 0:
		return "+"
	case b.Milliseconds >= 1000:
		return strconv.FormatFloat(b.Milliseconds/1000, 'g', -1, 64) + " s"
	}
	return strconv.FormatFloat(b.Milliseconds, 'g', -1, 64)
}
