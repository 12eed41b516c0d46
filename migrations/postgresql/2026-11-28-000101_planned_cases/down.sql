DROP TABLE planned_cases;
