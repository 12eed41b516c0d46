//! Our workbooks in an office program: LibreOffice opens them, shows what they hold, and what it saves comes back in.
//! LibreOffice and pdftotext have to be there: `scripts/setup.sh test` installs them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

use crate::app::TestApp;
use crate::exchange::{bytes, cells, send};

/// Every sheet as comma-separated UTF-8, cells as they are shown.
const AS_SHOWN: &str = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1";

/// A folder of files for LibreOffice, with a profile of its own, so that tests do not share one.
struct Office {
    folder: TempDir,
}

impl Office {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn put(&self, name: &str, file: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, file).unwrap();
        path
    }

    fn out(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }

    fn sheet(&self, name: &str) -> Vec<String> {
        let path = self.out(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| {
            let made = std::fs::read_dir(path.parent().unwrap()).unwrap();
            let made: Vec<_> = made.map(|file| file.unwrap().file_name()).collect();
            panic!("{name}: {error}; made: {made:?}")
        });
        text.lines().map(str::to_owned).collect()
    }

    /// What stands on the pages of a PDF, where a number that its column is too narrow for stands as `###`.
    fn printed(&self, name: &str) -> String {
        let run = Command::new("pdftotext").arg("-layout").arg(self.out(name)).arg("-").output();
        let run = run.unwrap_or_else(|error| panic!("pdftotext cannot be run ({error}): scripts/setup.sh test"));
        assert!(run.status.success(), "{name}: {}", String::from_utf8_lossy(&run.stderr));
        let text = String::from_utf8(run.stdout).unwrap();
        assert!(!text.contains("##"), "a column is too narrow in {name}: {text}");
        text
    }

    /// Converts files to a format, off the test's own thread.
    async fn convert(&self, format: &'static str, files: Vec<PathBuf>) {
        let folder = self.folder.path().to_owned();
        actix_web::web::block(move || convert(&folder, format, &files)).await.unwrap();
    }
}

fn convert(folder: &Path, format: &str, files: &[PathBuf]) {
    let program = std::env::var("PAIBAN_SOFFICE").unwrap_or_else(|_| "soffice".to_owned());
    let run = Command::new(&program)
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.display()))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .arg(folder.join("out"))
        .args(files)
        .output()
        .unwrap_or_else(|error| {
            panic!("{program} cannot be run ({error}): scripts/setup.sh test installs LibreOffice")
        });
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{program} ended with {}: {said}", run.status);
}

/// A week with a post, and people whose numbers and names are easily spoilt.
async fn build(app: &TestApp) {
    app.make_week().await;
    for (id, name, phone) in [("p-7", "单雪梅", "013900001234"), ("0008", "欧阳, 志强", "04315550000")] {
        let person = json!({"id": id, "name": name, "sortKey": id, "category": "volunteer", "phone": phone,
            "homeUnit": "220102001001", "activeFrom": "2026-01-01"});
        app.post("/api/v1/people", &person).await.expect(201);
    }
    let case = json!({"unit": "220102001001", "channel": "hotline", "subject": "楼道灯不亮", "description": "三天了\n老人下不了楼",
        "resident": {"name": "张桂英", "phone": "013800005678"}});
    app.post("/api/v1/cases", &case).await.expect(201);
    let id = app.plan(&json!({})).await.expect(202).json()["id"].as_str().unwrap().to_owned();
    app.finish(&id).await;
}

#[actix_web::test]
async fn lists_templates_reports_and_the_roster_sheet_open_in_libreoffice() {
    let app = TestApp::start().await;
    build(&app).await;
    let office = Office::new();
    let mut files = Vec::new();
    for (name, path) in [
        ("people", "exports/people.xlsx"),
        ("template", "templates/stations.xlsx"),
        ("roster", "rosters/220102001000/2026-W49.xlsx"),
        ("coverage", "reports/coverage.xlsx?unit=220102001000&week=2026-W49"),
    ] {
        files.push(office.put(&format!("{name}.xlsx"), &bytes(&app, &format!("/api/v1/{path}")).await));
    }
    let pages = files[2..].to_vec();
    office.convert(AS_SHOWN, files).await;

    let people = office.sheet("people-数据.csv");
    assert_eq!(people[0].trim_end_matches(','), "人员");
    assert!(people[1].starts_with("人员编号,姓名,拼音,类别,所属单位,电话,"), "{people:?}");
    let line = |id: &str| people.iter().find(|line| line.starts_with(&format!("{id},"))).unwrap().as_str();
    assert!(line("0008").starts_with("0008,\"欧阳, 志强\",0008,党员志愿者,220102001001,043****0000,,2026-01-01,"));
    assert!(line("p-7").contains("013****1234"), "the zero in front is kept: {people:?}");
    let notes = office.sheet("people-填表说明.csv");
    assert_eq!(notes[0], "列,说明,示例");

    let template = office.sheet("template-数据.csv");
    assert_eq!(template[1], "站点编号,所属单位,名称,类型,全天开放,开放时间,坐标");
    let notes = office.sheet("template-填表说明.csv");
    assert!(notes.iter().any(|line| line.ends_with("周一 08:30-12:00、周一 13:30-17:00")), "{notes:?}");

    let sheet = office.sheet("roster-值班表.csv");
    assert_eq!(sheet[0].trim_end_matches(','), "自强街道值班表");
    assert_eq!(sheet[2], "日期,星期,时段,岗位,带班领导,值班人员,联系电话,备注");
    assert!(sheet[3].starts_with("2026-11-30,星期一,09:00–12:00,桃源社区站 窗口,"), "{sheet:?}");
    assert!(sheet.last().unwrap().starts_with("制表人：,"), "{sheet:?}");

    let coverage = office.sheet("coverage-岗位覆盖.csv");
    assert!(coverage[2].starts_with("编号,名称,岗位数,最少人次,"), "{coverage:?}");
    assert!(coverage.last().unwrap().starts_with("合计,,5,5,5,"), "{coverage:?}");

    // On paper: A4 landscape.
    office.convert("pdf", pages).await;
    let page = office.printed("roster.pdf");
    assert!(page.contains("自强街道值班表") && page.contains("2026-11-30") && page.contains("审核人"), "{page}");
    let page = office.printed("coverage.pdf");
    assert!(page.contains("覆盖率") && page.contains("合计"), "{page}");
    let pdf = std::fs::read(office.out("roster.pdf")).unwrap();
    let pdf = String::from_utf8_lossy(&pdf);
    let size = pdf.split("/MediaBox").nth(1).unwrap().split(']').next().unwrap().trim_start_matches('[');
    let points: Vec<f64> = size.split_whitespace().map(|number| number.parse().unwrap()).collect();
    assert_eq!(points.iter().map(|point| point.round()).collect::<Vec<_>>(), [0.0, 0.0, 842.0, 595.0]);
    app.stop().await;
}

#[actix_web::test]
async fn what_libreoffice_saves_comes_back_in_unchanged() {
    let app = TestApp::start().await;
    build(&app).await;
    let office = Office::new();
    let kinds = ["units", "people", "stations", "demand-templates", "posts", "cases"];
    let mut files = Vec::new();
    for kind in kinds {
        let exported = bytes(&app, &format!("/api/v1/exports/{kind}.xlsx")).await;
        files.push(office.put(&format!("{kind}.xlsx"), &exported));
    }
    office.convert("xlsx", files).await;
    for kind in kinds {
        let saved = std::fs::read(office.out(&format!("{kind}.xlsx"))).unwrap();
        let rows = cells(&saved).len() - 2;
        assert!(rows > 0, "{kind}");
        let report = send(&app, &format!("/api/v1/imports/{kind}"), &[], saved).await.expect(200).json();
        assert_eq!((&report["rows"], &report["unchanged"]), (&json!(rows), &json!(rows)), "{kind}: {report:#}");
    }
    app.stop().await;
}
