echo marked
