"""What the faces share: each thing a person can have done, whatever the face. Nothing here asks or prints."""
