package zookeeper

import (
	"fmt"
	"log"
)

// Traefik shows what a plugin prints through fmt at DEBUG and what it prints
// through log at ERROR; there is no level between them.

func logInfo(format string, args ...any) {
	fmt.Println("zookeeper: " + fmt.Sprintf(format, args...))
}

func logError(format string, args ...any) {
	log.Println("zookeeper: " + fmt.Sprintf(format, args...))
}
