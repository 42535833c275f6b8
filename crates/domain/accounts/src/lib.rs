//! Who may sign in: users, roles, teams, passwords, lock-out.
