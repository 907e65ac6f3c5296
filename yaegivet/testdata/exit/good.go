package good

import (
	"errors"
	"log"
)

func Run() string {
	err := errors.New("end")
	log.Println("an error:", err)
	return err.Error()
}
