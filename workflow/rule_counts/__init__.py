"""What each rule did: how often it was checked, failed, was put right by the partner, drove a rejection."""
