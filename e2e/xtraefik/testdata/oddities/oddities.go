// Package oddities is a plugin that shows how its configuration was decoded, and does what a
// plugin shouldn't.
package oddities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

// Inner is a part of the configuration.
type Inner struct {
	Name  string
	Count int
}

// Config has a field of each kind.
type Config struct {
	Text    string
	Number  int
	Share   float64
	On      bool
	Wait    time.Duration
	List    []string
	Numbers []int
	Map     map[string]string
	Inner   Inner
	Pointer *Inner
	Inners  []Inner
	Any     any
	Renamed string `mapstructure:"other"`
	Kept    string
}

// CreateConfig creates the default configuration.
func CreateConfig() *Config {
	return &Config{Kept: "default", Number: 7, List: []string{"default"}, Pointer: &Inner{Name: "default", Count: 1}}
}

// New shows the configuration in a header, and says no to some texts.
func New(ctx context.Context, next http.Handler, config *Config, name string) (http.Handler, error) {
	switch config.Text {
	case "refuse":
		return nil, errors.New("refused")
	case "panic":
		panic("while it is made")
	}
	text, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Config", string(text))
		w.Header().Set("X-Name", name)
		act(r.URL.Query().Get("act"))
		next.ServeHTTP(w, r)
	}), nil
}

func act(what string) {
	switch what {
	case "print":
		fmt.Println("printed", 1)
		fmt.Print("printed too\n")
		fmt.Printf("printed %d\n", 3)
	case "log":
		log.SetFlags(0)
		log.Println("logged", 1)
		log.Printf("logged %d", 2)
	case "panic":
		panic("while it serves")
	case "nil":
		var inner *Inner
		inner.Count++
	case "abort":
		panic(http.ErrAbortHandler)
	case "fatal":
		log.Fatal("fatal")
	case "exit":
		os.Exit(3)
	}
}
