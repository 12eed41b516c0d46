DROP TABLE planned_reception_deputies;
DROP TABLE planned_receptions;
